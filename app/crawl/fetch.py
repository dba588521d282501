"""The network behind the Fetcher contract: polite, guarded, bounded."""

from collections.abc import Iterable
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt
from tenacity.wait import wait_exponential_jitter

from app.clock import Clock
from app.crawl.answer import Answer, check_temporary, page_of
from app.crawl.follow import follow
from app.crawl.guard import Guard
from app.crawl.hosts import HostGate
from app.crawl.limits import Limits
from app.crawl.robots import Robots
from app.crawl.transport import Transport
from app.crawl.visits import Visits
from app.errors import Unreachable
from app.records.page import Page

_WORTH_A_MOMENT = frozenset(("connection", "disconnected", "dns", "server_error", "rate_limited"))


class HttpFetcher:
    """Fetches pages from the network. Close it, or use it with `async with`.

    Its `visits` say who may read which site now.

    `user_agent`: "product/version (+contact)"; the product is what robots.txt files name.
    `allowed`: private addresses ("ip" or "ip:port") that may be fetched, one by one, for tests.
    `resolver`: host names -> addresses, the system's by default; its answers are checked.
    """

    def __init__(
        self,
        limits: Limits,
        clock: Clock,
        *,
        user_agent: str,
        allowed: Iterable[str] = (),
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._transport = Transport(limits, clock, Guard(allowed), user_agent, resolver)
        self._gate = HostGate(clock)
        self.visits = Visits(clock, limits.visits)
        self._robots = Robots(self._get_robots, user_agent, clock)

    async def fetch(self, url: str) -> Page:
        """The page at `url`; see Fetcher."""
        return page_of(await follow(url, self._get, self._limits.redirects))

    async def close(self) -> None:
        """Close every connection."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def _get(self, url: str) -> Answer:
        rules = await self._robots.check(url)
        if urlsplit(url).path == "/robots.txt":
            return rules.answer
        spacing = max(self._limits.spacing, min(rules.delay, self._limits.spacing_cap))
        return await self._try(url, spacing, self._limits.page_bytes)

    async def _get_robots(self, url: str) -> Answer:
        return await self._try(url, self._limits.spacing, self._limits.robots_bytes, any_type=True)

    async def _try(self, url: str, spacing: float, cap: int, *, any_type: bool = False) -> Answer:
        """One request, again after a moment where that may help. Raises Unreachable in the end."""
        host = urlsplit(url).netloc
        retrying = AsyncRetrying(
            sleep=self._clock.sleep,
            stop=stop_after_attempt(self._limits.tries),
            wait=self._wait,
            retry=retry_if_exception(self._is_worth_a_moment),
            reraise=True,
        )
        async for attempt in retrying:
            with attempt:
                async with self._gate.turn(host, spacing):
                    answer = await self._transport.send(url, cap, any_type=any_type)
                check_temporary(answer)
                return answer
        raise AssertionError("the last attempt returns or raises")

    def _is_worth_a_moment(self, error: BaseException) -> bool:
        return (
            isinstance(error, Unreachable)
            and error.cause in _WORTH_A_MOMENT
            and (error.retry_after or 0.0) <= self._limits.retry_wait
        )

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, Unreachable) else None
        backoff = wait_exponential_jitter(multiplier=0.5, max=4.0)
        return asked if asked is not None else float(backoff(state))
