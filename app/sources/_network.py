"""Requests to public data services: guarded, bounded, one at a time, and patient when asked.

A service's address is given by a person, and it may be anything: each connection passes the guard
(app.crawl.guard), each answer is capped in bytes and time, redirects are not followed. One process
asks a host one thing at a time, with a pause between. A request that may succeed a moment later
(429, 502, 503, 504, no connection) is sent again after what Retry-After asks for, as long as that
stays within PATIENCE.

robots.txt is not asked: it speaks to crawlers, and these addresses are made for programs.
"""

import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from aiohttp.abc import AbstractResolver
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception

from app import __version__
from app.clock import Clock, SystemClock
from app.crawl.answer import Answer, check_temporary
from app.crawl.guard import Guard
from app.crawl.hosts import HostGate
from app.crawl.limits import Limits
from app.crawl.transport import Transport
from app.crawl.urls import clean
from app.errors import BadResponse, InputError, Refused, RequestError, Unreachable

PATIENCE = 30.0
"""Seconds from a request to the start of its last try."""
FIRST_WAIT = 4.0
"""Seconds, doubled with every further try, where the service does not say how long."""
MAX_ANSWER = 32_000_000
"""Bytes, after content-encoding."""
_WORTH_A_WAIT = frozenset(("rate_limited", "server_error", "dns", "connection", "disconnected"))


@dataclass(frozen=True, slots=True)
class Service:
    """A service: its address, the least pause between two requests, the most that one may take
    (seconds)."""

    address: str
    spacing: float = 1.0
    seconds: float = 60.0

    @property
    def name(self) -> str:
        """The address as a message shows it."""
        return self.address.partition("?")[0][:200]


class Network:
    """How sources reach services. One per process, so that requests to a host wait for each other.

    `user_agent`: "product/version (+contact)". `allowed`: private addresses ("ip" or "ip:port")
    that may be connected to, one by one. `resolver`: as for HttpFetcher.
    """

    def __init__(
        self,
        user_agent: str = f"Sluice/{__version__}",
        allowed: Iterable[str] = (),
        clock: Clock | None = None,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self.clock = clock or SystemClock()
        self._user_agent = user_agent
        self._guard = Guard(allowed)
        self._resolver = resolver
        self._gate = HostGate(self.clock)

    def check(self, service: Service) -> None:
        """Refuse an address that can never be asked. Raises InputError; asks nobody."""
        if not clean(service.address) or "#" in service.address:
            raise InputError(f"{service.name!r} is no http(s) address of a service")
        try:
            self._guard.check_url(service.address)
        except Refused as refusal:
            raise InputError(f"{service.name}: {refusal}; SLUICE_ALLOW_ADDRESSES names private "
                             "addresses that may be asked") from None  # fmt: skip

    @asynccontextmanager
    async def client(self, service: Service) -> AsyncIterator["Client"]:
        """A client for some requests to one service."""
        limits = Limits(read_seconds=service.seconds, request_seconds=service.seconds)
        transport = Transport(limits, self.clock, self._guard, self._user_agent, self._resolver)
        try:
            yield Client(service, transport, self._gate, self.clock)
        finally:
            await transport.close()


class Client:
    """Asks one service."""

    def __init__(
        self, service: Service, transport: Transport, gate: HostGate, clock: Clock
    ) -> None:
        self._service = service
        self._transport = transport
        self._gate = gate
        self._clock = clock

    async def get(self, parameters: Mapping[str, str]) -> bytes:
        """The body of a 2xx answer.

        Raises Unreachable (for now), Refused, or BadResponse: any other status ("http_404"),
        a redirect ("moved"), a body over MAX_ANSWER ("too_large"). Messages name the service.
        """
        retrying = AsyncRetrying(
            sleep=self._clock.sleep,
            stop=self._is_over(self._clock.monotonic() + PATIENCE),
            wait=_wait,
            retry=retry_if_exception(_is_worth_a_wait),
            reraise=True,
        )
        async for attempt in retrying:
            with attempt:
                return self._body(await self._send(parameters))
        raise AssertionError("the last attempt returns or raises")

    async def get_json(self, parameters: Mapping[str, str]) -> Any:
        """As `get`; a body that is no JSON is a BadResponse ("not_json")."""
        body = await self.get(parameters)
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            raise self.bad("not_json", "the answer is no JSON") from None

    def _is_over(self, end: float) -> Callable[[RetryCallState], bool]:
        """Whether the next try would begin after `end`."""
        return lambda state: self._clock.monotonic() + _wait(state) > end

    def bad(self, cause: str, reason: str) -> BadResponse:
        """What to raise about an answer that makes no sense."""
        return BadResponse(cause, f"{self._service.name}: {reason}")

    async def _send(self, parameters: Mapping[str, str]) -> Answer:
        service = self._service
        address = clean(service.address)
        url = f"{address}{'&' if '?' in address else '?'}{urlencode(parameters)}"
        try:
            async with self._gate.turn(urlsplit(url).netloc, service.spacing):
                answer = await self._transport.send(url, MAX_ANSWER, any_type=True)
            if answer.status == 500:  # its query failed; asking again would only burden it
                raise Unreachable("query_failed", f"{service.name} answered 500")
            check_temporary(answer)
        except RequestError as error:
            raise _renamed(error, str(error).replace(url, service.name)) from None
        return answer

    def _body(self, answer: Answer) -> bytes:
        if 300 <= answer.status < 400:
            where = clean(answer.location) or "another address"
            raise self.bad("moved", f"has moved to {where[:200]}; give that one")
        if not 200 <= answer.status < 300:
            raise self.bad(f"http_{answer.status}", f"answered {answer.status}")
        if answer.truncated:
            raise self.bad(
                "too_large",
                f"the answer is longer than {MAX_ANSWER // 1_000_000} MB; narrow the criteria",
            )
        return answer.body


def _renamed(error: RequestError, message: str) -> RequestError:
    """The same error with a message of bounded length: a query in it would fill pages."""
    if isinstance(error, Unreachable):
        asked = error.retry_after
        pause = f" and asks for a pause of {asked:g} s" if asked else ""
        return Unreachable(error.cause, f"{message[:500]}{pause}", asked)
    return type(error)(error.cause, message[:500])


def _is_worth_a_wait(error: BaseException) -> bool:
    return isinstance(error, Unreachable) and error.cause in _WORTH_A_WAIT


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, Unreachable) else None
    doubled: float = FIRST_WAIT * 2 ** (state.attempt_number - 1)
    return doubled if asked is None else max(asked, 1.0)
