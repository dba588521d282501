"""A paid provider on loopback: it charges for every request, and only its own ledger says what."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal

import aiohttp

from app.budget import Purse
from app.pipeline.stage import Work

PRICE = Decimal("0.10")
"""The most that one request may cost."""
PRICES = (Decimal("0.10"), Decimal("0.07"), Decimal("0.031"))
"""What requests cost in truth, in turn."""


@dataclass
class Provider:
    """`charged`: who asked and what it cost. It charges at once, and waits with answers
    until `answers` is set."""

    port: int = 0
    answers: asyncio.Event = field(default_factory=asyncio.Event)
    charged: list[tuple[str, Decimal]] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        """What it will send the bill for."""
        return sum((price for _, price in self.charged), Decimal(0))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request: `GET /<domain>`."""
        request = (await reader.readuntil(b"\r\n\r\n")).decode()
        price = PRICES[len(self.charged) % len(PRICES)]
        self.charged.append((request.split()[1].strip("/"), price))
        await self.answers.wait()
        body = str(price)
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(f"{head}{body}".encode())
        writer.close()


@asynccontextmanager
async def a_provider() -> AsyncIterator[Provider]:
    """A provider that listens."""
    provider = Provider()
    server = await asyncio.start_server(provider.serve, "127.0.0.1", 0)
    provider.answers.set()
    provider.port = server.sockets[0].getsockname()[1]
    try:
        yield provider
    finally:
        provider.answers.set()
        server.close()


async def pay(port: int, work: Work, purse: Purse) -> None:
    """Ask the provider about the company, within the budget of the run."""
    assert work.company is not None
    url = f"http://127.0.0.1:{port}/{work.company.domain}"
    async with (
        purse.call(work, "fake", PRICE) as call,
        aiohttp.ClientSession() as session,
        session.get(url) as answer,
    ):
        call.settle(Decimal(await answer.text()))
