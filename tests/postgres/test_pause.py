"""A run that waits for a person: nothing more is claimed, nothing is lost, and it goes on."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from app.pipeline.graph import Graph
from app.pipeline.outcomes import Done, Outcome
from app.pipeline.stage import Work
from app.wiring import Engine
from tests.factories import a_request
from tests.postgres.conftest import eventually, graph_with, working

Opened = Callable[[Graph], Awaitable[Engine]]


async def test_a_paused_run_finishes_what_is_at_work_and_claims_nothing_more(
    opened: Opened,
) -> None:
    gate, begun = asyncio.Event(), list[int]()

    async def slow(work: Work, tools: Any) -> Outcome:
        begun.append(work.item_id)
        await gate.wait()
        return Done()

    engine = await opened(graph_with(slow, chunk=2))
    run = await engine.orchestrator.create(a_request(target_quantity=10))
    async with working(engine, 4):
        await eventually(lambda: _true(len(begun) == 4))

        async with engine.database.transaction() as connection:
            assert await engine.orchestrator.pause(connection, run.id, "budget")
            assert not await engine.orchestrator.pause(connection, run.id, "budget")
        gate.set()
        done = "SELECT count(*) FROM items WHERE state = 'done' AND stage = 'company_research'"
        await eventually(lambda: _is(engine, done, 4))
        await eventually(lambda: _is(engine, "SELECT count(*) FROM procrastinate_jobs", 0))
        row = await engine.database.fetchrow("SELECT status, notes FROM runs")
        assert (row["status"], row["notes"], len(begun)) == ("paused", ["budget"], 4)

        async with engine.database.transaction() as connection:
            assert await engine.orchestrator.unpause(connection, run.id, "by hand")
        await eventually(lambda: _is(engine, "SELECT status FROM runs", "completed"))

    assert len(begun) == 14
    async with engine.database.transaction() as connection:
        assert not await engine.orchestrator.unpause(connection, run.id, "by hand")


async def _true(value: bool) -> bool:
    return value


async def _is(engine: Engine, sql: str, expected: object) -> bool:
    return bool(await engine.database.fetchval(sql) == expected)
