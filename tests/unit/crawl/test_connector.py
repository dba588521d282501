import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event
from threading import enumerate as threads
from typing import cast

import aiohttp
import pytest
from aiohttp.abc import ResolveResult

from app.crawl.connector import GuardedConnector, GuardedResolver, SystemResolver
from app.crawl.guard import Blocked, Guard
from app.errors import Refused
from tests.unit.crawl.support import FixedResolver, local_site


class ChangingResolver(FixedResolver):
    """Gives a harmless address to the check and another to the connection."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        results = await super().resolve(host, port, family)
        return [cast("ResolveResult", _TwoFaced(results[0]))]


class _TwoFaced(dict):  # type: ignore[type-arg]
    """Says 8.8.8.8 when first asked for its address, and loopback from then on."""

    asked = 0

    def __getitem__(self, key: str) -> object:
        if key == "host":
            self.asked += 1
            return "8.8.8.8" if self.asked == 1 else "127.0.0.1"
        return super().__getitem__(key)


@asynccontextmanager
async def session(guard: Guard, resolver: FixedResolver) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(connector=GuardedConnector(guard, resolver)) as opened:
        yield opened


async def test_every_address_of_an_answer_is_checked() -> None:
    resolver = GuardedResolver(FixedResolver({"x.example": ["8.8.8.8", "10.0.0.1"]}), Guard())

    with pytest.raises(Blocked) as caught:
        await resolver.resolve("x.example", 443)

    assert caught.value.refusal.cause == "private_address"


async def test_public_answers_are_passed_on() -> None:
    resolver = GuardedResolver(FixedResolver({"x.example": ["8.8.8.8", "1.1.1.1"]}), Guard())

    assert [found["host"] for found in await resolver.resolve("x.example", 443)] == [
        "8.8.8.8",
        "1.1.1.1",
    ]


async def test_the_address_handed_to_the_socket_is_checked_again() -> None:
    async with local_site({"/": "secret"}) as site:
        resolver = ChangingResolver({"x.example": ["8.8.8.8"]})
        async with session(Guard(), resolver) as client:
            with pytest.raises(aiohttp.ClientConnectorError) as caught:
                await client.get(site.url("/", "x.example").replace(str(site.port), "80"))

    assert isinstance(caught.value.__cause__, Blocked)
    assert site.ledger == []


async def test_the_peer_is_checked_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with local_site({"/": "secret"}) as site:
        guard = Guard([site.address])
        resolver = FixedResolver({"x.example": ["127.0.0.1"]})
        async with session(guard, resolver) as client:
            monkeypatch.setattr("app.crawl.connector._peer", lambda connection: ("10.0.0.1", 80))
            with pytest.raises(Refused) as caught:
                await client.get(site.url("/", "x.example"))

    assert caught.value.cause == "private_address"
    assert site.ledger == []


async def test_the_system_resolver_finds_what_the_system_knows() -> None:
    async with asyncio.timeout(30):
        found = await SystemResolver().resolve("localhost", 80)

    assert {result["host"] for result in found} <= {"127.0.0.1", "::1"}
    assert {result["port"] for result in found} == {80}


@pytest.mark.parametrize(
    "error", [socket.gaierror(socket.EAI_NONAME, "unknown"), UnicodeError("x")]
)
async def test_a_failed_lookup_is_told_to_who_asked(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", fail)

    with pytest.raises(type(error)):
        await SystemResolver().resolve("nobody.example", 80)


def test_a_lookup_that_hangs_keeps_nothing_from_ending() -> None:
    release, before = Event(), set(threads())

    async def give_up() -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(socket, "getaddrinfo", lambda *args: release.wait(60) and [])
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await SystemResolver().resolve("slow.example", 80)

    asyncio.run(give_up())
    hanging = set(threads()) - before
    release.set()

    assert [thread.daemon for thread in hanging] == [True]
