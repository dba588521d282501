"""The HTTP client's way to the network, with the guard at each door."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Any

from aiohttp import ClientRequest, ClientTimeout, ServerDisconnectedError, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

from app.crawl.guard import Blocked, Guard
from app.errors import Refused

DNS_SECONDS = 300
LOOKUPS = 100


class SystemResolver(AbstractResolver):
    """getaddrinfo in threads of its own: dead name servers hold up nobody else's threads.

    The threads are daemons, so that a lookup that hangs does not keep a process from ending.
    """

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(LOOKUPS)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        async with self._slots:
            found: asyncio.Future[list[ResolveResult]] = asyncio.Future()
            Thread(target=_look_up, args=(found, host, port, family), daemon=True).start()
            return await found

    async def close(self) -> None:
        """Nothing stays open."""


class GuardedResolver(AbstractResolver):
    """Passes an answer on only when each of its addresses may be connected to."""

    def __init__(self, inner: AbstractResolver, guard: Guard) -> None:
        self._inner = inner
        self._guard = guard

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        try:
            for result in found:
                self._guard.check(result["host"], port)
        except Refused as refusal:
            raise Blocked(refusal) from refusal
        return found

    async def close(self) -> None:
        await self._inner.close()


class GuardedConnector(TCPConnector):
    """A connector that connects to checked addresses only."""

    def __init__(self, guard: Guard, resolver: AbstractResolver) -> None:
        super().__init__(
            resolver=GuardedResolver(resolver, guard),
            socket_factory=guard.open_socket,
            limit=0,
            ttl_dns_cache=DNS_SECONDS,
        )
        self._guard = guard

    async def connect(
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: ClientTimeout,  # noqa: ASYNC109
    ) -> Connection:
        """As the parent's; the peer is checked before a byte of the request is sent."""
        connection = await super().connect(req, traces, timeout)
        try:
            self._guard.check(*_peer(connection))
        except (Refused, ServerDisconnectedError):
            connection.close()
            raise
        return connection


def _peer(connection: Connection) -> tuple[str, int]:
    transport = connection.transport
    name: tuple[Any, ...] | None = transport.get_extra_info("peername") if transport else None
    if not name:
        raise ServerDisconnectedError
    return str(name[0]), int(name[1])


def _look_up(found: asyncio.Future[list[ResolveResult]], host: str, port: int, family: int) -> None:
    """Runs in a thread; hands the answer or the error to the future's loop."""
    try:
        entries = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
        results = [_result(host, port, str(entry[4][0]), entry[0]) for entry in entries]
    except (OSError, UnicodeError) as error:
        _hand_over(found, found.set_exception, error)
    else:
        _hand_over(found, found.set_result, results)


def _hand_over(
    found: asyncio.Future[list[ResolveResult]], settle: Callable[[Any], None], value: object
) -> None:
    def settle_once() -> None:
        if not found.done():
            settle(value)

    with suppress(RuntimeError):  # the loop is closed: nobody waits any more
        found.get_loop().call_soon_threadsafe(settle_once)


def _result(host: str, port: int, address: str, family: int) -> ResolveResult:
    return ResolveResult(
        hostname=host,
        host=address,
        port=port,
        family=family,
        proto=socket.IPPROTO_TCP,
        flags=socket.AI_NUMERICHOST,
    )
