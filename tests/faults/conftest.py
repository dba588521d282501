"""What every scenario starts from: a run in a database, and the ledger asked at its end."""

import os
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.db.pool import Database
from app.orchestrator import Orchestrator
from app.queue import Queue
from tests.factories import a_request
from tests.faults.fleet import a_fleet
from tests.faults.ledger import rows_of
from tests.faults.worker import a_graph
from tests.postgres.conftest import eventually, opened

__all__ = ["opened"]


@pytest.fixture
def chance() -> random.Random:
    """Luck that can be had again: FAULT_SEED=N replays it."""
    seed = int(os.environ.get("FAULT_SEED", random.randrange(10**6)))
    print(f"FAULT_SEED={seed}")  # noqa: T201  pytest shows it when the test fails
    return random.Random(seed)


async def a_new_run(database: Database, **request: Any) -> UUID:
    """A run of the stages of `tests.faults.worker`."""
    orchestrator = Orchestrator(database, Queue(database), a_graph())
    run = await orchestrator.create(a_request(**{"target_quantity": 60} | request))
    return run.id


async def completed(database: Database) -> bool:
    """Whether every run is."""
    return bool(await database.fetchval("SELECT bool_and(status = 'completed') FROM runs"))


async def golden_rows(
    database: Database, url: str, folder: Path, **options: object
) -> list[tuple[Any, ...]]:
    """What a run without any fault ends in."""
    calm = folder / "calm"
    calm.mkdir()
    run_id = await a_new_run(database)
    with a_fleet(calm, url, 1, **options | {"FAULT_PAUSE": 0}):
        await eventually(lambda: completed(database), 600)
    return await rows_of(database, run_id)


async def pickup(database: Database) -> float:
    """Seconds from the creation of a run until a worker takes its first item."""
    run_id = await a_new_run(database)
    began = time.monotonic()
    await eventually(lambda: _taken(database, run_id), 10)
    return time.monotonic() - began


async def _taken(database: Database, run_id: UUID) -> bool:
    taken = "SELECT fence > 0 FROM items WHERE run_id = $1 AND stage = 'intake'"
    return bool(await database.fetchval(taken, run_id))


@asynccontextmanager
async def a_stranger(url: str) -> AsyncIterator[Any]:
    """A connection of somebody else's, without any limits."""
    connection = await asyncpg.connect(url, server_settings={"search_path": "sluice,procrastinate"})
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def locked(url: str, table: str, mode: str = "ACCESS EXCLUSIVE") -> AsyncIterator[None]:
    """A table that somebody else has locked."""
    async with a_stranger(url) as connection, connection.transaction():
        await connection.execute(f"LOCK TABLE {table} IN {mode} MODE")
        yield
