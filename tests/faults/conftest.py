"""What every scenario starts from: a run in a database, and the ledger asked at its end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg

from app.db.pool import Database
from app.orchestrator import Orchestrator
from app.queue import Queue
from tests.factories import a_request
from tests.faults.worker import a_graph


async def a_new_run(database: Database, **request: Any) -> UUID:
    """A run of the stages of `tests.faults.worker`."""
    orchestrator = Orchestrator(database, Queue(database), a_graph())
    run = await orchestrator.create(a_request(**{"target_quantity": 60} | request))
    return run.id


async def completed(database: Database) -> bool:
    """Whether every run is."""
    return bool(await database.fetchval("SELECT bool_and(status = 'completed') FROM runs"))


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
