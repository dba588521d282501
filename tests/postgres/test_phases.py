"""A run is stopped, stages are skipped, and it goes on as if nothing had been."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from app.errors import InputError
from app.pipeline.graph import Graph
from app.pipeline.outcomes import Done, Outcome, Skip
from app.pipeline.phases import Phases
from app.pipeline.stage import Work
from app.wiring import Engine
from tests.factories import a_request, a_stage
from tests.postgres.conftest import discover, eventually, nothing, working

Opened = Callable[[Graph], Awaitable[Engine]]

OPEN = "SELECT count(*) FROM companies WHERE status = 'open'"


@dataclass
class Stages:
    """intake -> discovery -> research -> validation -> people -> export; every call is counted.
    Research rejects every third company."""

    calls: Counter[str] = field(default_factory=Counter)

    async def handle(self, work: Work, tools: Any) -> Outcome:
        self.calls[work.stage] += 1
        if work.stage == "discovery":
            return await discover(work, tools)
        if work.stage == "research" and work.company and work.company.ordinal % 3 == 0:
            return Skip("wrong_place", "not there")
        return Done()

    @property
    def graph(self) -> Graph:
        return Graph.of(
            [
                a_stage("intake", 0, nothing, unit="run"),
                a_stage("discovery", 3, self.handle, ["intake"], unit="run", batches=True),
                a_stage("research", 4, self.handle, ["discovery"]),
                a_stage("validation", 5, self.handle, ["research"]),
                a_stage("people", 6, self.handle, ["validation"]),
                a_stage("export", 9, self.handle, ["people"], unit="run"),
            ]
        )


async def _until(engine: Engine, run_id: UUID, status: str) -> None:
    """Work until the run has this state, and every job is taken."""
    async with working(engine):
        await eventually(
            lambda: engine.database.fetchval(
                "SELECT true FROM runs WHERE id = $1 AND status = $2"
                " AND NOT EXISTS (SELECT FROM procrastinate_jobs)", run_id, status)
        )  # fmt: skip


async def _stages(engine: Engine) -> dict[str, str]:
    rows = await engine.database.fetch("SELECT stage, status FROM stages ORDER BY position")
    return {row["stage"]: row["status"] for row in rows}


async def test_a_run_that_stops_after_each_stage_ends_as_one_that_does_not(opened: Opened) -> None:
    stages = Stages()
    engine = await opened(stages.graph)
    run = await engine.orchestrator.create(
        a_request(target_quantity=10), Phases(stop_after="discovery")
    )
    await _until(engine, run.id, "paused")
    assert (await _stages(engine))["discovery"] == "complete"
    assert stages.calls == {"discovery": 1}

    for stage in ("research", "validation", "people"):
        await engine.control.resume(run.id, Phases(stop_after=stage))
        await _until(engine, run.id, "paused")
        assert (await _stages(engine))[stage] == "complete"
    notes = await engine.database.fetchval("SELECT notes FROM runs")
    assert notes == [f"stopped before export, as asked; go on with: sluice resume {run.short_id}"]
    await engine.control.resume(run.id)
    await _until(engine, run.id, "completed")

    assert stages.calls == {
        "discovery": 1, "research": 14, "validation": 10, "people": 10, "export": 1
    }  # fmt: skip
    assert set((await _stages(engine)).values()) == {"complete"}
    assert await engine.database.fetchval("SELECT notes FROM runs") == []
    assert await engine.database.fetchval(OPEN) == 0


async def test_a_stage_began_with_its_first_item_and_a_run_ends_in_its_last_stage(
    opened: Opened,
) -> None:
    engine = await opened(Stages().graph)
    run = await engine.orchestrator.create(a_request(target_quantity=10), Phases(skip=("export",)))

    await _until(engine, run.id, "completed")

    late = await engine.database.fetch(
        "SELECT stage FROM stages s WHERE started_at >"
        " (SELECT min(started_at) FROM stage_log l WHERE l.stage = s.stage)"
    )
    assert [row["stage"] for row in late] == []
    assert await engine.database.fetchval("SELECT stage FROM runs") == "people"


async def test_a_stop_before_research_is_over_lets_discovery_fill_the_gap_later(
    opened: Opened,
) -> None:
    async def picky(work: Work, tools: Any) -> Outcome:
        return Done() if work.company and work.company.ordinal % 3 == 0 else Skip("no", "no")

    graph = Graph.of(
        [
            a_stage("intake", 0, nothing, unit="run"),
            a_stage("discovery", 3, discover, ["intake"], unit="run", batches=True),
            a_stage("research", 4, picky, ["discovery"]),
            a_stage("export", 9, nothing, ["research"], unit="run"),
        ]
    )
    engine = await opened(graph)
    run = await engine.orchestrator.create(a_request(target_quantity=8), Phases(stop_after="3"))
    await _until(engine, run.id, "paused")

    await engine.control.resume(run.id)
    await _until(engine, run.id, "completed")

    ready = "SELECT count(*) FROM companies WHERE status = 'ready'"
    assert await engine.database.fetchval(ready) == 9


async def test_a_skipped_stage_is_passed_by_and_never_called(opened: Opened) -> None:
    stages = Stages()
    engine = await opened(stages.graph)
    run = await engine.orchestrator.create(
        a_request(target_quantity=9), Phases(skip=("validation",), force=True)
    )

    await _until(engine, run.id, "completed")

    assert (await _stages(engine))["validation"] == "skipped"
    assert stages.calls["validation"] == 0
    assert stages.calls["people"] >= 9


@pytest.mark.parametrize("skip", [("validation",), ("people",), ("validation", "people")])
async def test_companies_that_wait_for_a_stage_that_is_skipped_later_go_past_it(
    opened: Opened, skip: tuple[str, ...]
) -> None:
    stages = Stages()
    engine = await opened(stages.graph)
    run = await engine.orchestrator.create(a_request(target_quantity=9), Phases(stop_after="4"))
    await _until(engine, run.id, "paused")
    with pytest.raises(InputError, match="go without"):
        await engine.control.resume(run.id, Phases(skip=skip))

    await engine.control.resume(run.id, Phases(skip=skip, force=True))
    await _until(engine, run.id, "completed")

    passed = "SELECT count(*) FROM companies WHERE status = 'ready'"
    assert await engine.database.fetchval(passed) >= 9
    assert await engine.database.fetchval(OPEN) == 0
    assert all(stages.calls[name] == 0 for name in skip)


async def test_only_works_on_one_stage_and_pauses(opened: Opened) -> None:
    stages = Stages()
    engine = await opened(stages.graph)
    run = await engine.orchestrator.create(a_request(target_quantity=9), Phases(stop_after="4"))
    await _until(engine, run.id, "paused")
    with pytest.raises(InputError, match="people needs validation to be complete first"):
        await engine.control.resume(run.id, Phases(only=("people",)))

    await engine.control.resume(run.id, Phases(only=("validation",)))
    await _until(engine, run.id, "paused")

    status = await _stages(engine)
    assert (status["validation"], status["people"]) == ("complete", "pending")
    assert stages.calls["people"] == 0


async def test_an_active_run_keeps_where_it_stops(opened: Opened) -> None:
    engine = await opened(Stages().graph)
    run = await engine.orchestrator.create(a_request(), Phases(stop_after="discovery"))

    resumed, _ = await engine.control.resume(run.id)

    assert resumed.held == {"research", "validation", "people", "export"}
