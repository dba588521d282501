"""What every scenario starts from: a run in a database, and the ledger asked at its end."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from app.db.pool import Database
from app.orchestrator import Orchestrator
from app.queue import Queue
from tests.factories import a_request
from tests.faults.worker import a_graph

CreateRun = Callable[..., Awaitable[UUID]]


@pytest.fixture
def create_run(database: Database) -> CreateRun:
    """Create a run in this test's database."""

    async def create(**request: Any) -> UUID:
        return await a_new_run(database, **request)

    return create


async def a_new_run(database: Database, **request: Any) -> UUID:
    """A run of the stages of `tests.faults.worker`."""
    orchestrator = Orchestrator(database, Queue(database), a_graph())
    run = await orchestrator.create(a_request(**{"target_quantity": 60} | request))
    return run.id


async def completed(database: Database) -> bool:
    """Whether every run is."""
    return bool(await database.fetchval("SELECT bool_and(status = 'completed') FROM runs"))
