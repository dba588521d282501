"""Leases and fences: who may settle, and what becomes of work whose worker is gone."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from app.db.queries import query
from app.pipeline.graph import Graph
from app.pipeline.outcomes import Done, Fail, Outcome
from app.pipeline.stage import Work
from app.wiring import Engine
from tests.factories import a_request
from tests.postgres.conftest import eventually, graph_with, nothing, working

Opened = Callable[[Graph], Awaitable[Engine]]

LEASED = "SELECT count(*) FROM items WHERE state = 'leased' AND stage = 'company_research'"
READY = "SELECT count(*) FROM companies WHERE status = 'ready'"
STATUS = "SELECT status FROM runs"


async def test_a_late_write_matches_nothing_and_the_new_owner_wins(opened: Opened) -> None:
    hold = asyncio.Event()

    async def slow_once(work: Work, tools: Any) -> Outcome:
        if work.attempt == 1:
            await hold.wait()
        return Done(result={"attempt": work.attempt})

    engine = await opened(graph_with(slow_once))
    run = await engine.orchestrator.create(a_request(target_quantity=1))
    async with working(engine):
        await eventually(lambda: engine.database.fetchval(LEASED))
        await engine.database.fetch(
            "UPDATE items SET fence = fence + 1, state = 'ready', worker_id = NULL,"
            " leased_until = NULL, available_at = now() - interval '1 hour' WHERE state = 'leased'"
        )
        hold.set()
        await eventually(lambda: _is(engine, run.id, "completed"))

    attempts = await engine.database.fetch(
        "SELECT result -> 'attempt' AS n FROM items WHERE stage = 'company_research'"
    )
    assert {row["n"] for row in attempts} == {2}


async def test_a_heartbeat_does_not_wait_for_items_that_are_being_settled(opened: Opened) -> None:
    """A settling transaction that waits for somebody else keeps its items locked meanwhile."""
    hold = asyncio.Event()

    async def slow(work: Work, tools: Any) -> Outcome:
        await hold.wait()
        return Done()

    engine = await opened(graph_with(slow))
    run = await engine.orchestrator.create(a_request(target_quantity=3))
    async with working(engine):
        await eventually(lambda: engine.database.fetchval(LEASED))
        async with engine.database.transaction() as settling:
            await settling.fetch("SELECT FROM items WHERE state = 'leased' FOR UPDATE")
            locked_at = await settling.fetchval("SELECT clock_timestamp()")
            beat = "SELECT seen_at > $1 FROM workers"
            await eventually(lambda: engine.database.fetchval(beat, locked_at))
        hold.set()
        await eventually(lambda: _is(engine, run.id, "completed"))

    lost = "SELECT count(*) FROM stage_log WHERE status IN ('lost', 'returned')"
    assert await engine.database.fetchval(lost) == 0


async def test_items_of_a_worker_that_is_gone_are_done_by_another(opened: Opened) -> None:
    async def stuck(work: Work, tools: Any) -> Outcome:
        await asyncio.Event().wait()
        return Done()

    dying = await opened(graph_with(stuck))
    run = await dying.orchestrator.create(a_request(target_quantity=10))
    async with working(dying) as worker:
        await eventually(lambda: dying.database.fetchval(LEASED))
        worker._runner.renew = _never  # type: ignore[method-assign]
        other = await opened(graph_with(nothing))
        async with working(other):
            await eventually(lambda: _is(other, run.id, "completed"))

    assert await dying.database.fetchval(READY) == 14
    lost = await dying.database.fetchval("SELECT count(*) FROM stage_log WHERE status = 'lost'")
    assert lost == 14


async def test_sigterm_hands_items_back_with_the_attempt_uncharged(opened: Opened) -> None:
    async def stuck(work: Work, tools: Any) -> Outcome:
        await asyncio.Event().wait()
        return Done()

    engine = await opened(graph_with(stuck))
    await engine.orchestrator.create(a_request(target_quantity=10))
    async with working(engine):
        await eventually(lambda: engine.database.fetchval(LEASED))

    rows = await engine.database.fetch(
        "SELECT DISTINCT state, attempt FROM items WHERE stage = 'company_research'"
    )
    assert [tuple(row) for row in rows] == [("ready", 0)]


async def test_an_item_that_is_lost_three_times_is_quarantined_and_the_run_goes_on(
    opened: Opened,
) -> None:
    engine = await opened(graph_with(nothing))
    run = await engine.orchestrator.create(a_request(target_quantity=1))
    async with working(engine):
        await eventually(lambda: _is(engine, run.id, "completed"))
    await engine.database.fetch("UPDATE runs SET status = 'active', finished_at = NULL")
    await engine.database.fetch(
        "UPDATE items SET state = 'leased', lost = 2, worker_id = 99, leased_until = now()"
        " WHERE id = (SELECT min(id) FROM items WHERE stage = 'company_research')"
    )

    async with working(engine):
        await eventually(lambda: engine.database.fetchval(
            "SELECT count(*) FROM items WHERE state = 'quarantined'"))  # fmt: skip
        await eventually(lambda: _is(engine, run.id, "completed"))

    companies = await engine.database.fetch(
        "SELECT status, count(*) FROM companies GROUP BY 1 ORDER BY 1"
    )
    assert [tuple(row) for row in companies] == [("failed", 1), ("ready", 3)]


async def test_tries_that_were_lost_with_their_process_leave_the_item_all_its_retries(
    opened: Opened,
) -> None:
    async def fails_once(work: Work, tools: Any) -> Outcome:
        return Done() if work.attempt > 4 else Fail("server_error", "503")

    engine = await opened(graph_with(fails_once))
    run = await engine.orchestrator.create(a_request(target_quantity=1))
    await engine.database.fetch("ALTER TABLE items ALTER attempt SET DEFAULT 3")
    await engine.database.fetch("ALTER TABLE items ALTER lost SET DEFAULT 3")
    async with working(engine):
        await eventually(lambda: _is(engine, run.id, "completed"))

    assert await engine.database.fetchval(READY) == 4


async def test_ready_items_without_a_job_get_one(opened: Opened) -> None:
    engine = await opened(graph_with(nothing))
    run = await engine.orchestrator.create(a_request(target_quantity=5))
    await engine.database.fetch("DELETE FROM procrastinate_jobs")
    await engine.database.fetch("UPDATE items SET available_at = now() - interval '1 minute'")

    async with working(engine):
        await eventually(lambda: _is(engine, run.id, "completed"))


async def test_a_cancelled_run_refuses_the_writes_of_those_at_work(opened: Opened) -> None:
    hold = asyncio.Event()

    async def slow(work: Work, tools: Any) -> Outcome:
        await hold.wait()
        return Done()

    engine = await opened(graph_with(slow))
    run = await engine.orchestrator.create(a_request(target_quantity=3))
    async with working(engine):
        await eventually(lambda: engine.database.fetchval(LEASED))
        await engine.orchestrator.cancel(run.id, "changed my mind")
        hold.set()

    states = await engine.database.fetch(
        "SELECT DISTINCT state, cause FROM items WHERE stage = 'company_research'"
    )
    assert [tuple(row) for row in states] == [("skipped", "cancelled")]
    assert await engine.database.fetchval(STATUS) == "cancelled"


async def test_two_workers_never_hold_the_same_item(opened: Opened) -> None:
    handled: list[tuple[int, int]] = []

    async def note(work: Work, tools: Any) -> Outcome:
        handled.append((work.item_id, work.attempt))
        await asyncio.sleep(0)
        return Done()

    engine, other = await opened(graph_with(note, chunk=3)), await opened(graph_with(note, chunk=3))
    run = await engine.orchestrator.create(a_request(target_quantity=25))
    async with working(engine, 4), working(other, 4):
        await eventually(lambda: _is(engine, run.id, "completed"))

    assert len(handled) == len(set(handled)) == 30


async def _is(engine: Engine, run_id: Any, status: str) -> bool:
    row = await engine.database.fetchrow(query("runs.get"), run_id)
    return bool(row["status"] == status)


async def _never() -> None:
    """A heartbeat that hangs."""
    await asyncio.Event().wait()
