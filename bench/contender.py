"""What every contender shares: the chain, a worker process of its own, the clock, the counts.

A contender fills a fresh database, its worker process connects and waits for the word, and the time
is taken from that word to the moment that the database says the last row was written. A figure
counts only if every row is there.
"""

import asyncio
import json
import time
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import asyncpg

from bench.child import child
from bench.server import Server

STAGES = ("first", "second", "third")
PATIENCE = 180.0
"""Seconds after which a worker process counts as stuck."""


@dataclass(frozen=True, slots=True)
class Chain:
    """`items` go through the stages, each of which sleeps `sleep` seconds; `in_flight` at once."""

    items: int
    in_flight: int
    sleep: float = 0.0

    @property
    def steps(self) -> int:
        """How often an item is worked on, over all stages."""
        return self.items * len(STAGES)


@dataclass(frozen=True, slots=True)
class Result:
    """`seconds` from the word to the last row; `cpu` and `server_cpu` are processor seconds of the
    worker process and of the server."""

    steps: int
    seconds: float
    cpu: float
    server_cpu: float

    @property
    def rate(self) -> float:
        """Items x stages per second."""
        return self.steps / self.seconds


class Incomplete(Exception):
    """Rows are missing at the end: the figure does not count."""


class Contender(Protocol):
    """One way to move a chain."""

    name: str
    module: str

    async def fill(self, dsn: str, chain: Chain) -> None:
        """Make everything that is there before the first item is worked on."""

    async def ended_at(self, connection: Any, chain: Chain) -> float:
        """When the last row was written, in seconds since 1970. Raises Incomplete."""


async def run_once(
    contender: Contender, server: Server, chain: Chain, *, profile: bool = False
) -> Result:
    """Fill a new database, let one worker process empty it, check the rows."""
    async with server.database() as dsn:
        await contender.fill(dsn, chain)
        connection = await asyncpg.connect(dsn)
        try:
            await connection.execute("CHECKPOINT")
            before = server.cpu()
            started, cpu = await _work(contender.module, dsn, chain, profile=profile)
            server_cpu = server.cpu() - before
            ended = await contender.ended_at(connection, chain)
        finally:
            await connection.close()
    return Result(chain.steps, ended - started, cpu, server_cpu)


async def expect(connection: Any, wanted: int, what: str, sql: str, *values: object) -> None:
    """Raise Incomplete unless `sql` counts `wanted`."""
    found = await connection.fetchval(sql, *values)
    if found != wanted:
        raise Incomplete(f"{what}: {found} of {wanted}")


async def _work(module: str, dsn: str, chain: Chain, *, profile: bool) -> tuple[float, float]:
    """When the worker process got the word, and the processor seconds that it took from then on."""
    order = json.dumps({"module": module, "dsn": dsn, "chain": asdict(chain), "profile": profile})
    async with child("bench.process", order) as worker, asyncio.timeout(PATIENCE):
        if await worker.said.readline() != b"ready\n":
            raise Incomplete(f"{module} did not start")
        started = time.time()
        worker.given.write(b"go\n")
        report = await worker.said.readline()
        await worker.process.wait()
    if not report:
        raise Incomplete(f"{module} ended with {worker.process.returncode}")
    return started, float(report)
