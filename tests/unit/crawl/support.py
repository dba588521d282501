"""What the crawl's tests share: a clock without waiting, real servers on loopback, pages."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from app.crawl.limits import Limits
from app.errors import BadResponse
from app.records.page import Page

NOON = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
AGENT = "Sluice/0.1 (+https://contact.example)"
QUICK = Limits(spacing=0.0, connect_seconds=2.0, read_seconds=2.0, request_seconds=4.0)


class FakeClock:
    """Time that passes only while somebody sleeps, and then at once."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def now(self) -> datetime:
        return NOON + timedelta(seconds=sum(self.slept))

    def monotonic(self) -> float:
        return 1_000.0 + sum(self.slept)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)


class FixedResolver(AbstractResolver):
    """Names -> addresses; each lookup is counted. Unknown names do not resolve."""

    def __init__(self, names: Mapping[str, list[str]]) -> None:
        self.names = dict(names)
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        self.asked.append(host)
        if host not in self.names:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [
            ResolveResult(
                hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0
            )
            for address in self.names[host]
        ]

    async def close(self) -> None:
        """Nothing is open."""


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class LocalSite:
    """A real web server on loopback that keeps a ledger of what it was asked."""

    port: int
    ledger: list[web.Request] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str = "/", host: str = "site.example") -> str:
        return f"http://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [request.path_qs for request in self.ledger]


@asynccontextmanager
async def local_site(routes: Mapping[str, Handler | str | bytes]) -> AsyncIterator[LocalSite]:
    """Serves these paths: HTML as text, a robots.txt as text, bytes as HTML, or what a handler
    answers. Every other path is a 404."""
    site = LocalSite(0)

    async def serve(request: web.Request) -> web.StreamResponse:
        site.ledger.append(request)
        route = routes.get(request.path)
        if route is None:
            return web.Response(status=404, text="nothing here")
        if callable(route):
            return await route(request)
        kind = "text/plain" if request.path.endswith(".txt") else "text/html"
        if isinstance(route, bytes):
            return web.Response(body=route, content_type=kind)
        return web.Response(text=route, content_type=kind)

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", serve)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        listener = web.TCPSite(runner, "127.0.0.1", 0)
        await listener.start()
        site.port = runner.addresses[0][1]
        yield site
    finally:
        await runner.cleanup()


@asynccontextmanager
async def raw_server(
    talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    *,
    listen: bool = True,
) -> AsyncIterator[int]:
    """A server that may break every rule of HTTP; yields its port. `listen`: it hears
    the request out first."""
    tasks: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            if listen:
                await reader.readuntil(b"\r\n\r\n")
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def page(body: str | bytes, url: str = "https://firm.example/", charset: str = "") -> Page:
    """A page as a fetcher brings it."""
    data = body.encode() if isinstance(body, str) else body
    return Page(url, 200, "text/html", charset, data, NOON)


class FolderlessFetcher:
    """Pages from a dict; every address asked for is noted, unknown ones are not found."""

    def __init__(
        self, pages: Mapping[str, str | Exception], final: Mapping[str, str] | None = None
    ) -> None:
        self.pages = dict(pages)
        self.final = dict(final or {})
        self.asked: list[str] = []

    async def fetch(self, url: str) -> Page:
        self.asked.append(url)
        content = self.pages.get(url, BadResponse("not_found", f"{url} answered 404"))
        if isinstance(content, Exception):
            raise content
        return page(content, self.final.get(url, url))
