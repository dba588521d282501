"""A hostile web on loopback: one server, and what it does depends on the host that is asked for.

Every request becomes a line in the ledger when its connection ends: host, path, bytes sent. Only
the ledger says how far a crawl really went.
"""

import asyncio
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from itertools import count
from pathlib import Path

from aiohttp.abc import AbstractResolver, ResolveResult

_PAGE = "<!doctype html><title>Firm</title><p>Property management. <a href='/team'>Team</a>"
_MEGABYTE = b"x" * 1_000_000


@dataclass
class Exchange:
    """One request, and the way to answer it. `sent` counts what was handed to the network, `turn`
    how often this path of this host was asked for."""

    host: str
    path: str
    writer: asyncio.StreamWriter
    sent: int = 0
    turn: int = 1
    request: str = ""

    @property
    def port(self) -> int:
        """Where the web listens."""
        port: int = self.writer.get_extra_info("sockname")[1]
        return port

    async def send(self, data: bytes) -> None:
        """Some bytes, as fast as they are taken."""
        self.writer.write(data)
        await self.writer.drain()
        self.sent += len(data)

    async def answer(self, body: str | bytes = "", status: str = "200 OK", **headers: str) -> None:
        """A whole answer. Header names are given with underscores."""
        data = body.encode() if isinstance(body, str) else body
        await self.head(status, Content_Length=str(len(data)), **headers)
        await self.send(data)

    async def head(self, status: str = "200 OK", **headers: str) -> None:
        """The status line and headers."""
        fields = {"Content_Type": "text/html; charset=utf-8", "Connection": "close"} | headers
        lines = [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
        await self.send("\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode())


Behaviour = Callable[[Exchange], Awaitable[None]]


async def _ok(exchange: Exchange) -> None:
    await exchange.answer(_PAGE)


async def _steady(exchange: Exchange) -> None:
    await asyncio.sleep(0.1)
    await exchange.answer(_PAGE)


async def _flaky(exchange: Exchange) -> None:
    """Twice an error, then a page."""
    await (_fails("503 Service Unavailable") if exchange.turn <= 2 else _ok)(exchange)


def _fails(status: str, **headers: str) -> Behaviour:
    async def answer(exchange: Exchange) -> None:
        await exchange.answer("sorry", status, **headers)

    return answer


async def _in_a_minute(exchange: Exchange) -> None:
    when = format_datetime(datetime.now(UTC) + timedelta(minutes=1), usegmt=True)
    await exchange.answer("later", "429 Too Many Requests", Retry_After=when)


async def _loop(exchange: Exchange) -> None:
    there = "/b" if exchange.path == "/a" else "/a"
    await exchange.answer("", "302 Found", Location=there)


async def _cookie(exchange: Exchange) -> None:
    """Hands out a cookie, and sends on to another host with a password in its address."""
    there = f"http://me:secret@other.echo.example:{exchange.port}/"
    await exchange.answer("", "302 Found", Location=there, Set_Cookie="id=1; Domain=.example")


async def _echo(exchange: Exchange) -> None:
    await exchange.answer(f"<pre>{exchange.request}")


async def _hops(exchange: Exchange) -> None:
    number = int(exchange.path.strip("/") or 0) + 1
    await exchange.answer("", "302 Found", Location=f"/{number}")


async def _silent(exchange: Exchange) -> None:
    await asyncio.sleep(3600)


async def _drip_head(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 200 OK\r\n")
    for number in count():
        await exchange.send(f"X-{number}: y\r\n".encode())
        await asyncio.sleep(0.2)


async def _drip_body(exchange: Exchange) -> None:
    await exchange.head()
    while True:
        await exchange.send(b"<p>more ")
        await asyncio.sleep(0.2)


async def _endless(exchange: Exchange) -> None:
    await exchange.head(Transfer_Encoding="chunked")
    while True:
        await exchange.send(b"f4240\r\n" + _MEGABYTE + b"\r\n")


@cache
def _packed() -> bytes:
    """A hundred megabytes in a hundred kilobytes."""
    return zlib.compress(_MEGABYTE * 100, 9, wbits=31)


def _bomb(status: str = "200 OK", **headers: str) -> Behaviour:
    async def explode(exchange: Exchange) -> None:
        await exchange.answer(_packed(), status, Content_Encoding="gzip", **headers)

    return explode


def _encoded(encoding: str, body: bytes = b"\x28\xb5\x2f\xfd" * 30_000) -> Behaviour:
    async def answer(exchange: Exchange) -> None:
        await exchange.answer(body, Content_Encoding=encoding)

    return answer


def _sitemap(behaviour: Behaviour) -> Behaviour:
    """A good site whose robots.txt names a sitemap that does this."""

    async def answer(exchange: Exchange) -> None:
        if exchange.path == "/robots.txt":
            text = f"Sitemap: http://{exchange.host}:{exchange.port}/map.xml.gz"
            await exchange.answer(text, Content_Type="text/plain")
        else:
            await (behaviour if exchange.path == "/map.xml.gz" else _bare)(exchange)

    return answer


async def _bare(exchange: Exchange) -> None:
    await exchange.answer("<p>Property management.")


async def _packed_map(exchange: Exchange) -> None:
    await exchange.answer(_packed(), Content_Type="application/gzip")


async def _too_short(exchange: Exchange) -> None:
    await exchange.head(Content_Length="1000000")
    await exchange.send(_PAGE.encode())


async def _too_long(exchange: Exchange) -> None:
    await exchange.head(Content_Length=str(len(_PAGE)))
    await exchange.send(_PAGE.encode() + _MEGABYTE)


async def _wrong_charset(exchange: Exchange) -> None:
    await exchange.answer(
        "<p>Gestión de fincas".encode("cp1252"), Content_Type="text/html; charset=klingon-8"
    )


async def _picture(exchange: Exchange) -> None:
    await exchange.answer(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)


async def _calendar(exchange: Exchange) -> None:
    day = int(exchange.path.rpartition("=")[2] or 0) if "=" in exchange.path else 0
    links = "".join(f"<a href='/events?day={day + n}'>day {day + n}</a>" for n in range(1, 40))
    await exchange.answer(f"<p>{exchange.path}{links}")


async def _sessions(exchange: Exchange) -> None:
    links = "".join(f"<a href='/about/{hash((exchange.path, n)):x}'>about</a>" for n in range(40))
    await exchange.answer(f"<p>{exchange.path}{links}")


async def _session_ids(exchange: Exchange) -> None:
    number = abs(hash(exchange.path))
    names = ("PHPSESSID", "jsessionid", "sid", "sessionid", "utm_source", "gclid")
    links = "".join(f"<a href='/about?{name}={number}'>about</a>" for name in names)
    await exchange.answer(f"<p>{exchange.path}{links}<a href='/team;jsessionid={number}'>team</a>")


async def _deeper(exchange: Exchange) -> None:
    """Each page leads to one below it, relative to itself."""
    links = "<a href='about/'>about</a><a href='team/'>team</a>"
    await exchange.answer(f"<p>{exchange.path}{links}")


async def _huge_header(exchange: Exchange) -> None:
    await exchange.answer(_PAGE, X_Story="y" * 1_000_000)


async def _split_location(exchange: Exchange) -> None:
    await exchange.answer("", "302 Found", Location="/a\x0bSet-Cookie: a=b")


async def _hang_up(exchange: Exchange) -> None:
    exchange.writer.transport.abort()


def _robots(behaviour: Behaviour) -> Behaviour:
    """A good site whose robots.txt does this."""

    async def answer(exchange: Exchange) -> None:
        await (behaviour if exchange.path == "/robots.txt" else _ok)(exchange)

    return answer


async def _forbidding(exchange: Exchange) -> None:
    await exchange.answer("User-agent: *\nDisallow: /", Content_Type="text/plain")


HOSTS: dict[str, Behaviour] = {
    "ok": _ok,
    "steady": _steady,
    "busy": _fails("429 Too Many Requests", Retry_After="1"),
    "busy-date": _in_a_minute,
    "busy-year": _fails("503 Service Unavailable", Retry_After="31536000"),
    "busy-garbage": _fails("429 Too Many Requests", Retry_After="soon, maybe"),
    "busy-century": _fails("429 Too Many Requests", Retry_After="Fri, 31 Dec 2100 23:59:59 GMT"),
    "busy-past": _fails("503 Service Unavailable", Retry_After="Sat, 01 Jan 2000 00:00:00 GMT"),
    "busy-negative": _fails("503 Service Unavailable", Retry_After="-1"),
    "busy-number": _fails("429 Too Many Requests", Retry_After="9" * 400),
    "broken": _fails("500 Internal Server Error"),
    "flaky": _flaky,
    "gone": _fails("410 Gone"),
    "cookie": _cookie,
    "echo": _echo,
    "loop": _loop,
    "hops": _hops,
    "silent": _silent,
    "drip-head": _drip_head,
    "drip-body": _drip_body,
    "endless": _endless,
    "bomb": _bomb(),
    "bomb-redirect": _bomb("302 Found", Location="/elsewhere"),
    "bomb-error": _bomb("404 Not Found"),
    "bomb-brotli": _encoded("br"),
    "bomb-zstd": _encoded("zstd"),
    "bomb-stacked": _encoded("gzip, gzip"),
    "robots-bomb-map": _sitemap(_packed_map),
    "robots-endless-map": _sitemap(_endless),
    "too-short": _too_short,
    "too-long": _too_long,
    "charset": _wrong_charset,
    "picture": _picture,
    "calendar": _calendar,
    "sessions": _sessions,
    "session-ids": _session_ids,
    "deeper": _deeper,
    "huge-header": _huge_header,
    "split-location": _split_location,
    "hang-up": _hang_up,
    "robots-broken": _robots(_fails("500 Internal Server Error")),
    "robots-endless": _robots(_endless),
    "robots-bomb": _robots(_bomb()),
    "robots-forbid": _robots(_forbidding),
    "robots-loop": _robots(_loop),
}


class Web:
    """The server. A host is named "<behaviour>.example", or "<anything>.<behaviour>.example"."""

    def __init__(self, ledger: Path) -> None:
        self._ledger = ledger
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns: Counter[tuple[str, str]] = Counter()
        self.port = 0

    def url(self, name: str) -> str:
        """The home page of a host."""
        return f"http://{name}.example:{self.port}/"

    def asked(self, name: str) -> list[tuple[str, int]]:
        """Path and bytes of every request to a host, connections that said nothing left out."""
        lines = self._ledger.read_text().splitlines() if self._ledger.exists() else []
        found = [line.split(" ") for line in lines]
        return [(path, int(sent)) for host, path, sent in found if host == f"{name}.example"]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one request."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        exchange = Exchange("", "", writer)
        with suppress(OSError, asyncio.CancelledError, asyncio.IncompleteReadError, ValueError,
                      asyncio.LimitOverrunError):  # fmt: skip
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            exchange.request = head
            exchange.path = head.split(" ")[1]
            exchange.host = head.lower().partition("\r\nhost: ")[2].split(":")[0].split("\r")[0]
            self._turns[exchange.host, exchange.path] += 1
            exchange.turn = self._turns[exchange.host, exchange.path]
            await self._behave(exchange)
        writer.close()
        if exchange.host:
            with self._ledger.open("a") as ledger:
                ledger.write(f"{exchange.host} {exchange.path} {exchange.sent}\n")

    async def close(self) -> None:
        """End what is still being answered, so that the ledger is whole."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _behave(self, exchange: Exchange) -> None:
        name = exchange.host.removesuffix(".example").rpartition(".")[2]
        if exchange.path == "/robots.txt" and not name.startswith("robots"):
            await exchange.answer("", "404 Not Found")
        else:
            await HOSTS[name](exchange)


@asynccontextmanager
async def a_web(folder: Path) -> AsyncIterator[Web]:
    """The hostile web, listening."""
    web = Web(folder / "requests")
    server = await asyncio.start_server(web.serve, "127.0.0.1", 0)
    web.port = server.sockets[0].getsockname()[1]
    try:
        yield web
    finally:
        server.close()
        await web.close()


class Loopback(AbstractResolver):
    """Every name is this machine."""

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        result = ResolveResult(
            hostname=host, host="127.0.0.1", port=port, family=2, proto=0, flags=0
        )
        return [result]

    async def close(self) -> None:
        """Nothing is open."""
