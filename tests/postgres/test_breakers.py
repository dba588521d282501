"""A stage that fails for one cause pauses itself alone, probes, and goes on when a probe passes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from app.breakers import Breakers
from app.db.queries import query
from app.pipeline.graph import Graph
from app.pipeline.outcomes import Done, Fail, Outcome
from app.pipeline.stage import Work
from app.progress import load_progress
from app.records.run import Run
from app.settings import Settings
from app.wiring import Engine
from tests.factories import a_request
from tests.postgres.conftest import eventually, graph_with, working

Opened = Callable[[Graph], Awaitable[Engine]]
STATE = "SELECT state FROM breakers"
STATUS = "SELECT status FROM runs"


class Outage:
    """What the stage needs: away at first."""

    def __init__(self, cause: str = "connection") -> None:
        self.away = True
        self.cause = cause
        self.tried: list[int] = []

    async def research(self, work: Work, tools: Any) -> Outcome:
        self.tried.append(work.item_id)
        return Fail(self.cause, "refused") if self.away else Done()


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A small window, quick probes, and attempts that do not run out."""
    quick = {"breaker_window": 10, "breaker_wait": 0.2, "breaker_wait_cap": 0.4}
    return settings.model_copy(update=quick | {"breaker_probes": 4, "attempts": 50, "backoff": 0.3})


@asynccontextmanager
async def _sweeping(engine: Engine) -> AsyncIterator[None]:
    """A worker, and breakers that are looked at without the sweeper's pauses."""
    breakers = Breakers(engine.database, engine.orchestrator, engine.settings)

    async def sweep() -> None:
        while True:
            await breakers.step()
            await asyncio.sleep(0.02)

    async with working(engine, 4):
        sweeping = asyncio.create_task(sweep())
        try:
            yield
        finally:
            sweeping.cancel()
            await asyncio.wait([sweeping])


async def _open(engine: Engine) -> Run:
    """A run whose stage has paused itself."""
    run = await engine.orchestrator.create(a_request(target_quantity=20))
    await eventually(lambda: _is(engine, STATE, "open"))
    return run


async def _is(engine: Engine, sql: str, *expected: object) -> bool:
    return await engine.database.fetchval(sql) in expected


async def test_a_stage_pauses_itself_and_goes_on_when_a_probe_passes(opened: Opened) -> None:
    outage = Outage()
    engine = await opened(graph_with(outage.research, chunk=5))
    async with _sweeping(engine):
        await _open(engine)
        await eventually(lambda: _is(engine, "SELECT count(*) FROM items WHERE state='leased'", 0))
        before = len(outage.tried)
        await eventually(lambda: _is(engine, "SELECT failing FROM breakers", 2, 3))
        assert len(outage.tried) - before <= 4
        assert await _is(engine, STATUS, "active")

        outage.away = False
        await eventually(lambda: _is(engine, STATUS, "completed"))

    events = await engine.database.fetch(
        "SELECT what FROM events WHERE what LIKE 'breaker%' ORDER BY id"
    )
    notes = await engine.database.fetchval("SELECT notes FROM runs")
    told = [row["what"] for row in events]
    assert (told[0], told[-1]) == ("breaker_opened", "breaker_closed")
    assert set(told[1:-1]) == {"breaker_probe_failed"}
    assert notes[0].startswith("stage company_research paused itself: ")
    assert notes[1] == "stage company_research goes on: a probe passed"
    assert await _is(engine, "SELECT count(*) FROM companies WHERE status = 'ready'", 26)


async def test_a_stage_that_stays_sick_waits_no_longer_and_fails_its_items(
    opened: Opened, settings: Settings
) -> None:
    outage = Outage()
    engine = await opened(graph_with(outage.research, chunk=5))
    async with _sweeping(engine):
        await _open(engine)
        await eventually(lambda: _is(engine, STATE, "given_up"))
        outage.away = False
        await eventually(lambda: _is(engine, STATUS, "completed"))

    told = await engine.database.fetchval(
        "SELECT count(*) FROM events WHERE what='breaker_gave_up'"
    )
    assert told == 1
    assert await _is(engine, "SELECT failing FROM breakers", settings.breaker_probes)


async def test_another_run_and_mixed_causes_are_left_alone(opened: Opened) -> None:
    outage = Outage()

    async def research(work: Work, tools: Any) -> Outcome:
        if work.run.request.contacts_min == 2:
            return Done()
        outcome = await outage.research(work, tools)
        if isinstance(outcome, Fail) and work.run.request.contacts_min == 3:
            return Fail(f"cause_{work.item_id % 3}", "refused")
        if isinstance(outcome, Fail) and work.run.request.contacts_min == 0:
            return Fail("site_rests", "one site fails, the stage does not")
        return outcome

    engine = await opened(graph_with(research, chunk=5))
    async with _sweeping(engine):
        sick = await _open(engine)
        well = await engine.orchestrator.create(a_request(contacts_min=2, target_quantity=20))
        mixed = await engine.orchestrator.create(a_request(contacts_min=3, target_quantity=20))
        resting = await engine.orchestrator.create(a_request(contacts_min=0, target_quantity=20))
        status = "SELECT status FROM runs WHERE id = '{}'"
        await eventually(lambda: _is(engine, status.format(well.id), "completed"))
        tried = "SELECT count(*) FROM stage_log WHERE status = 'retried' AND run_id = '{}'"
        await eventually(lambda: _at_least(engine, tried.format(mixed.id), 40))
        await eventually(lambda: _at_least(engine, tried.format(resting.id), 40))
        outage.away = False
        await eventually(lambda: _is(engine, status.format(sick.id), "completed"))
        await eventually(lambda: _is(engine, status.format(mixed.id), "completed"))
        await eventually(lambda: _is(engine, status.format(resting.id), "completed"))

    rows = await engine.database.fetch("SELECT run_id, state FROM breakers")
    assert [tuple(row) for row in rows] in ([(sick.id, "closed")], [(sick.id, "given_up")])


async def test_watchers_and_the_sweep_see_a_stage_that_pauses_itself(opened: Opened) -> None:
    outage = Outage()
    engine = await opened(graph_with(outage.research, chunk=5))
    async with _sweeping(engine):
        run = await _open(engine)
    await engine.database.fetch("UPDATE breakers SET state = 'open', probe_item = NULL")
    await engine.database.fetch("UPDATE items SET available_at = now() - interval '1 hour'")
    await engine.database.fetch("DELETE FROM procrastinate_jobs")

    progress = await load_progress(engine.database, run.id)
    unqueued = await engine.database.fetch(query("sweep.unqueued"), 1.0, 100)

    [stage] = [each for each in progress.stages if each.stage == "company_research"]
    assert (stage.error or "").startswith("paused itself, fails with connection; next probe at ")
    assert "company_research" not in {row["stage"] for row in unqueued}


async def _at_least(engine: Engine, sql: str, least: int) -> bool:
    return bool(await engine.database.fetchval(sql) >= least)


async def test_a_probe_that_ends_without_telling_is_followed_by_another(opened: Opened) -> None:
    outage = Outage()
    engine = await opened(graph_with(outage.research, chunk=5))
    async with _sweeping(engine):
        await _open(engine)
    await engine.database.fetch(
        "UPDATE items SET state = 'skipped', leased_until = NULL, worker_id = NULL"
        " WHERE id = (SELECT min(id) FROM items WHERE stage = 'company_research')"
    )
    await engine.database.fetch(
        "UPDATE breakers SET state = 'probing', failing = 1,"
        " after_log = (SELECT max(id) FROM stage_log),"
        " probe_item = (SELECT min(id) FROM items WHERE stage = 'company_research')"
    )

    await Breakers(engine.database, engine.orchestrator, engine.settings).step()

    row = await engine.database.fetchrow("SELECT state, failing FROM breakers")
    assert tuple(row) == ("open", 1)
