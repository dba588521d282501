"""One request over the network: guarded, capped in bytes and time, its errors sorted."""

import asyncio
import socket

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from app.clock import Clock
from app.crawl.answer import Answer, is_readable, retry_after_seconds
from app.crawl.connector import GuardedConnector, SystemResolver
from app.crawl.guard import Blocked, Guard
from app.crawl.inflate import ACCEPTED, Inflater, encoding_of
from app.crawl.limits import Limits
from app.errors import BadResponse, Refused, RequestError, Unreachable

DRAIN_BYTES = 16_384
MAX_HEADER = 32_768

_NO_NAME = frozenset((socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)))


class Transport:
    """Sends requests, one answer each: no redirects, no cookies, no proxy, no credentials."""

    def __init__(
        self,
        limits: Limits,
        clock: Clock,
        guard: Guard,
        user_agent: str,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._guard = guard
        self._user_agent = user_agent
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None

    async def send(self, url: str, cap: int, *, any_type: bool = False) -> Answer:
        """The answer to a GET, its body only for 2xx and for readable types (or any).

        Raises Refused by the guard; Unreachable ("no_such_host", "dns", "connection", "timeout",
        "tls", "disconnected"); BadResponse ("not_html", "bad_encoding", "bad_headers").
        """
        self._guard.check_url(url)
        session = self._opened()
        try:
            async with asyncio.timeout(self._limits.request_seconds):
                async with session.get(URL(url, encoded=True), allow_redirects=False) as response:
                    return await self._read(url, response, cap, any_type=any_type)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise _sorted(error, url) from error

    async def close(self) -> None:
        """Close every connection."""
        if self._session:
            await self._session.close()

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            limits = self._limits
            self._session = aiohttp.ClientSession(
                connector=GuardedConnector(self._guard, self._resolver or SystemResolver()),
                timeout=aiohttp.ClientTimeout(
                    total=None, sock_connect=limits.connect_seconds, sock_read=limits.read_seconds
                ),
                headers={
                    "User-Agent": self._user_agent,
                    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5",
                    "Accept-Language": "en,*;q=0.5",
                    "Accept-Encoding": ACCEPTED,
                },
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
                max_line_size=MAX_HEADER,
                max_field_size=MAX_HEADER,
            )
        return self._session

    async def _read(
        self, url: str, response: aiohttp.ClientResponse, cap: int, *, any_type: bool
    ) -> Answer:
        content_type = response.content_type if "Content-Type" in response.headers else ""
        inflater = Inflater("", DRAIN_BYTES)
        if 200 <= response.status < 300:
            if not any_type and not is_readable(content_type, url):
                response.close()
                raise BadResponse("not_html", f"{url} is {content_type[:80]}, no page")
            inflater = Inflater(encoding_of(response.headers.get("Content-Encoding", "")), cap)
        await _pour(response, inflater)
        now = self._clock.now()
        return Answer(
            url=url,
            status=response.status,
            fetched_at=now,
            content_type=content_type,
            charset=(response.charset or "").lower(),
            body=bytes(inflater.body) if 200 <= response.status < 300 else b"",
            truncated=inflater.truncated,
            location=response.headers.get("Location", ""),
            retry_after=retry_after_seconds(response.headers.get("Retry-After", ""), now),
        )


async def _pour(response: aiohttp.ClientResponse, inflater: Inflater) -> None:
    """The body into the inflater; the connection is dropped where the rest is not wanted."""
    try:
        async for chunk in response.content.iter_any():
            inflater.feed(chunk)
            if inflater.full:
                response.close()
                return
    except aiohttp.ClientPayloadError:
        if not inflater.body:
            raise
        inflater.truncated = True  # shorter than it was said to be; what is there is a page


def _sorted(error: Exception, url: str) -> RequestError:
    """The same failure in Sluice's words."""
    blocked = error.__cause__
    if isinstance(blocked, Blocked):
        return blocked.refusal
    message = f"{url}: {_brief(error)}"
    if isinstance(error, TimeoutError):
        return Unreachable("timeout", f"{url} took too long")
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        known = isinstance(blocked, socket.gaierror) and blocked.errno in _NO_NAME
        return Unreachable("no_such_host" if known else "dns", message)
    if isinstance(error, aiohttp.ClientSSLError):
        return Unreachable("tls", message)
    if isinstance(error, aiohttp.ClientConnectorError):
        return Unreachable("connection", message)
    if isinstance(error, aiohttp.InvalidURL | ValueError):
        return Refused("bad_address", message)
    if isinstance(error, aiohttp.ClientResponseError):
        return BadResponse("bad_headers", message)
    return Unreachable("disconnected", message)


def _brief(error: Exception) -> str:
    """One line; the client quotes what the server sent, and that may be anything."""
    text = "".join(char if char.isprintable() else " " for char in str(error)[:1_000])
    return " ".join(text.split())[:160] or type(error).__name__
