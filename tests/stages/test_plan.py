"""The plan stage: counts, votes, and a run that waits where a reviewer says FAIL."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import SimpleNamespace

from app import decisions
from app.clock import SystemClock
from app.errors import Unreachable
from app.pipeline.graph import Graph
from app.pipeline.outcomes import Found, Records
from app.pipeline.stage import Work
from app.planning import Planner
from app.records.criteria import Criteria
from app.records.run import Run
from app.report import Report, load_report
from app.settings import Settings
from app.sources import Batch, Opened
from app.wiring import Engine, open_engine
from tests.factories import a_request, a_stage, companies
from tests.postgres.conftest import nothing
from workers import discovery, plan


@dataclass
class Shelf:
    """A source of so many companies, or one that is away."""

    size: int
    away: bool = False

    async def check(self, criteria: Criteria) -> None:
        return

    async def batch(self, criteria: Criteria, offset: int, size: int, now: datetime) -> Batch:
        found = companies(min(size, self.size - offset), offset + 1)
        return Batch(found, offset + len(found), offset + len(found) == self.size)

    async def count(self, criteria: Criteria, most: int, now: datetime) -> tuple[int, bool]:
        if self.away:
            raise Unreachable("timeout", "nobody home")
        return min(self.size, most), self.size <= most


GRAPH = Graph.of(
    [
        a_stage("intake", 0, nothing, unit="run"),
        a_stage("context", 1, nothing, ["intake"], unit="run", critical=False),
        plan.STAGE,
        discovery.STAGE,
        a_stage("company_research", 4, nothing, ["discovery"]),
        a_stage("export", 9, nothing, ["company_research"], unit="run"),
    ]
)


async def _work(engine: Engine, settings: Settings, run: Run, *shelves: Shelf) -> Report:
    async def sifted(run: Run, found: Sequence[Found]) -> Records:
        return Records(found=tuple(found))

    async def alone(work: Work) -> bool:
        return True

    opened = [Opened(f"made:{n}", "", each) for n, each in enumerate(shelves)]
    clock = SystemClock()
    tools = SimpleNamespace(
        sources=lambda run: opened,
        now=clock.now,
        sift=sifted,
        is_first=alone,
        planner=Planner.of(engine.database, clock, settings),
    )
    worker = engine.worker([stage.name for stage in GRAPH], tools)
    await asyncio.wait_for(worker.run(until_idle=True), 30)
    return await load_report(engine.database, run.id)


async def test_a_plan_is_kept_with_its_votes_and_its_warnings_are_noted(settings: Settings) -> None:
    async with open_engine(settings, graph=GRAPH) as engine:
        run = await engine.orchestrator.create(a_request(sources=("made:0",), target_quantity=9))

        report = await _work(engine, settings, run, Shelf(4))

        result = await engine.database.fetchval("SELECT result FROM items WHERE stage = 'plan'")
    assert report.progress.run.status == "completed"
    assert report.progress.notes == ("plan: 9 asked, the sources hold 4 that may match",)
    assert (result["plan"]["quantity"], len(result["votes"]), result["refused"]) == (4, 5, "")


async def test_a_plan_that_a_reviewer_fails_waits_for_a_person_and_goes_on_when_accepted(
    settings: Settings,
) -> None:
    async with open_engine(settings, graph=GRAPH) as engine:
        run = await engine.orchestrator.create(a_request(sources=("made:0",), target_quantity=3))
        asked = await _work(engine, settings, run, Shelf(5, away=True))
        found = asked.progress.found

        await decisions.accept(engine, replace(run, status="needs_decision"), "it will be back")
        report = await _work(engine, settings, run, Shelf(5))

    assert (asked.progress.run.status, found) == ("needs_decision", 0)
    assert asked.progress.notes == ("made:0 does not answer: nobody home",)
    assert (report.progress.run.status, report.delivered) == ("completed", 3)


async def test_the_same_asked_again_is_noted(settings: Settings) -> None:
    async with open_engine(settings, graph=GRAPH) as engine:
        request = a_request(sources=("made:0",), target_quantity=2)
        first = await engine.orchestrator.create(request)
        await _work(engine, settings, first, Shelf(5))

        again = await _work(engine, settings, await engine.orchestrator.create(request), Shelf(5))

    assert len(again.progress.notes) == 1
    assert again.progress.notes[0].startswith(f"plan: run {first.short_id} of ")
