"""robots.txt (RFC 9309), the same behind the network and a replay folder."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from protego import Protego

from app.clock import Clock
from app.crawl.answer import Answer, check_temporary
from app.crawl.charset import decode
from app.crawl.follow import follow
from app.errors import BadResponse, Refused, RequestError, Unreachable

KEEP_SECONDS = 86_400.0
RETRY_SECONDS = 15.0
MAX_HOSTS = 256
MAX_REDIRECTS = 5

_AGENT_LINE = re.compile(
    r"^[^\S\n]*user[- ]?agent(?![^\s:])[^\S\n]*:?[^\S\n]*(.*)$", re.IGNORECASE | re.MULTILINE
)
_GROUP_LINE = re.compile(r"\s*(?:user|dis|dia|allow|crawl)", re.IGNORECASE)
"""Agents, rules with their usual misspellings, delays."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What one robots.txt says to us. `delay`: the crawl-delay in seconds, 0 for none."""

    _parsed: Protego
    _product: str
    answer: Answer
    delay: float = 0.0

    def allows(self, url: str) -> bool:
        """May we fetch this address?"""
        return bool(self._parsed.can_fetch(url, self._product))


@dataclass(slots=True)
class _Entry:
    expires: float
    rules: Rules | None = None
    error: RequestError | None = field(default=None)


class Robots:
    """The rules of hosts, fetched through `get` and kept for a day, MAX_HOSTS of them.

    `get` brings one answer without redirects followed. No robots.txt (4xx) allows everything; one
    that cannot be had (5xx, 429, no connection) allows nothing for now (RFC 9309, 2.3.1).
    """

    def __init__(
        self, get: Callable[[str], Awaitable[Answer]], user_agent: str, clock: Clock
    ) -> None:
        self._get = get
        self._product = user_agent.partition("/")[0].strip().lower()
        self._clock = clock
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def check(self, url: str) -> Rules:
        """The rules of the host of `url`, which allow it.

        Raises Refused("robots"), and Unreachable where the rules cannot be had now.
        """
        rules = await self.rules(url)
        if not rules.allows(url):
            raise Refused("robots", f"robots.txt does not allow {url}")
        return rules

    async def rules(self, url: str) -> Rules:
        """The rules of the host of `url`. Raises Unreachable, and Refused for private hosts."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        lock = self._locks.setdefault(origin, asyncio.Lock())
        async with lock:
            entry = self._entries.get(origin)
            if entry is None or entry.expires <= self._clock.monotonic():
                entry = self._entries[origin] = await self._load(origin)
            self._entries.move_to_end(origin)
            while len(self._entries) > MAX_HOSTS:
                self._entries.popitem(last=False)
        if entry.error:
            raise self._again(entry.error, entry.expires)
        assert entry.rules is not None
        return entry.rules

    def _again(self, error: RequestError, expires: float) -> RequestError:
        """The failure that is remembered; before it is forgotten, asking again is of no use."""
        if not isinstance(error, Unreachable):
            return error.with_traceback(None)
        left = expires - self._clock.monotonic()
        return Unreachable(error.cause, str(error), max(error.retry_after or 0.0, left))

    async def _load(self, origin: str) -> _Entry:
        now = self._clock.monotonic()
        try:
            return _Entry(now + KEEP_SECONDS, rules=await self._fetch(f"{origin}/robots.txt"))
        except RequestError as error:
            return _Entry(now + RETRY_SECONDS, error=error)

    async def _fetch(self, url: str) -> Rules:
        try:
            answer = await follow(url, self._get, MAX_REDIRECTS)
            check_temporary(answer)
        except BadResponse:
            answer = Answer(url, 404, self._clock.now())
        except Unreachable as error:
            if error.cause in ("server_error", "rate_limited"):
                message = f"no rules for now: {error}"
                raise Unreachable("robots_unreachable", message, error.retry_after) from error
            raise
        text = decode(answer.body, answer.charset) if 200 <= answer.status < 300 else ""
        parsed = Protego.parse(own_groups(text, self._product))
        return Rules(parsed, self._product, answer, parsed.crawl_delay(self._product) or 0.0)


def own_groups(text: str, product: str) -> str:
    """The same rules with every agent that is not ours under one name, and no lines but those of
    groups.

    A file with thousands of agents and thousands of rules takes the parser a minute otherwise; and
    an unknown line between two agents must not part them (RFC 9309, 2.2.4).
    """

    def rename(line: re.Match[str]) -> str:
        name = line[1].partition("#")[0].strip().lower()
        ours = re.match(re.escape(product) + r"(?![a-z_-])", name)
        return f"User-agent: {product if ours else '*' if name == '*' else 'other-robot'}"

    lines = (line for line in text.splitlines() if _GROUP_LINE.match(line))
    return _AGENT_LINE.sub(rename, "\n".join(lines))
