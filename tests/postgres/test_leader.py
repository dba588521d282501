"""Leading a run: one leads, it watches to the end, and never for longer than a stage may take."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.api import lead_run
from app.clock import SystemClock
from app.errors import DatabaseUnavailable, RunLed, StageTimeout
from app.fleet import fleet_groups
from app.leader import Lead, Leader
from app.pipeline.graph import Graph
from app.pipeline.outcomes import Done, Outcome
from app.pipeline.stage import Work
from app.progress import Progress
from app.settings import Settings
from app.watch import Watch
from app.wiring import Engine
from tests.factories import a_request
from tests.postgres.conftest import eventually, graph_with, nothing, working

Opened = Callable[[Graph], Awaitable[Engine]]


class Seen:
    """Remembers what it is shown."""

    def __init__(self) -> None:
        self.statuses: list[str] = []
        self.said: list[str] = []

    def show(self, progress: Progress) -> None:
        self.statuses.append(progress.run.status)

    def say(self, text: str) -> None:
        self.said.append(text)


async def _stuck(work: Work, tools: Any) -> Outcome:
    await asyncio.Event().wait()
    return Done()


async def _covered(engine: Engine) -> bool:
    found = await engine.database.fetchval("SELECT count(*) FROM workers WHERE ended_at IS NULL")
    return bool(found)


async def test_a_covered_run_is_led_to_its_end_without_workers_of_ones_own(opened: Opened) -> None:
    engine = await opened(graph_with(nothing))
    async with working(engine):
        await eventually(lambda: _covered(engine))
        limits = {"": 3600.0, "intake": 1e-6}
        request = a_request(target_quantity=5, max_stage_seconds=limits)
        run = await engine.orchestrator.create(request)
        seen = Seen()

        report = await asyncio.wait_for(lead_run(engine, run, viewer=seen), 30)

    assert report.progress.run.status == "completed"
    assert (report.asked, report.delivered) == (5, 5)
    assert seen.statuses[-1] == "completed"
    assert seen.said == ["stage intake takes longer than 1e-06 s"]


async def test_a_second_leader_is_refused_and_told_who_leads(opened: Opened) -> None:
    engine = await opened(graph_with(nothing))
    run = await engine.orchestrator.create(a_request())
    first = Lead(engine.database, run.id)
    assert await first.take()

    with pytest.raises(RunLed, match=rf"run {run.short_id} is led by .+, pid \d+") as caught:
        await lead_run(engine, run)

    assert caught.value.exit_code == 3
    await first.close()
    second = Lead(engine.database, run.id)
    assert await second.take()
    await second.close()


async def test_a_run_that_nobody_works_on_gets_workers_and_only_once(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[str, ...]] = []
    monkeypatch.setattr("app.fleet.Fleet.start", lambda _, groups: started.extend(groups))
    monkeypatch.setattr("app.fleet.Fleet.groups", started)
    engine = await opened(graph_with(nothing))
    run = await engine.orchestrator.create(a_request())
    seen = Seen()
    leader = Leader(engine, run, seen, SystemClock())

    await leader.staff()
    await leader.staff()

    assert started == fleet_groups(engine.graph)
    assert seen.said == [f"starting {len(started)} worker processes"]


async def test_workers_are_started_when_a_foreign_fleet_goes_away(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[str, ...]] = []
    monkeypatch.setattr("app.fleet.Fleet.start", lambda _, groups: started.extend(groups))
    monkeypatch.setattr("app.leader._PATIENCE", 0.2)
    engine = await opened(graph_with(_stuck))
    async with working(engine):
        await eventually(lambda: _covered(engine))
        run = await engine.orchestrator.create(a_request())
        leading = asyncio.create_task(lead_run(engine, run))
        await eventually(
            lambda: engine.database.fetchval("SELECT 1 FROM items WHERE state = 'leased'")
        )
        assert started == []

    async def any_started() -> bool:
        return bool(started)

    await eventually(any_started)
    leading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leading


async def test_two_runs_have_two_leaders(opened: Opened) -> None:
    engine = await opened(graph_with(nothing))
    runs = [await engine.orchestrator.create(a_request()) for _ in range(2)]
    leads = [Lead(engine.database, run.id) for run in runs]

    taken = [await lead.take() for lead in leads]

    assert taken == [True, True]
    for lead in leads:
        await lead.close()


async def test_a_stage_that_takes_too_long_is_named_with_what_is_open(opened: Opened) -> None:
    engine = await opened(graph_with(_stuck))
    async with working(engine):
        await eventually(lambda: _covered(engine))
        run = await engine.orchestrator.create(a_request(target_quantity=3))

        with pytest.raises(StageTimeout) as caught:
            await asyncio.wait_for(lead_run(engine, run, stage_timeout=0.5), 30)

    assert str(caught.value) == (
        "stage company_research took longer than 0.5 seconds: 6 open"
        " (c1.example, c2.example, c3.example, ...); the run continues:"
        f" sluice watch {run.short_id}"
    )
    assert await engine.database.fetchval("SELECT status FROM runs") == "active"


async def test_a_watch_outlives_lost_connections_and_says_so_once(opened: Opened) -> None:
    engine = await opened(graph_with(nothing))
    run = await engine.orchestrator.create(a_request())
    seen = Seen()
    watch = Watch(engine, run.id, seen, SystemClock())
    looks = watch.progress()
    await anext(looks)
    await engine.database.fetch(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )

    progress = [await anext(looks) for _ in range(3)][-1]

    assert progress.run.id == run.id
    assert len([text for text in seen.said if "does not answer" in text]) <= 1
    await looks.aclose()


async def test_a_watch_gives_up_when_the_database_stays_away(
    opened: Opened, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = await opened(graph_with(nothing))
    run = await engine.orchestrator.create(a_request())
    seen = Seen()
    watch = Watch(engine, run.id, seen, SystemClock())

    async def away() -> None:
        raise ConnectionRefusedError("nobody there")

    monkeypatch.setitem(engine.settings.__dict__, "database_deadline", 0.2)
    with pytest.raises(DatabaseUnavailable, match=f"sluice watch {run.short_id}"):
        await watch.patiently(away)

    assert [text.partition(":")[0] for text in seen.said] == [
        "the database does not answer (nobody there)"
    ]
