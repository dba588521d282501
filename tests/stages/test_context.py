"""Context: gathered before a run begins, ranked for each company, done without when it fails."""

import asyncio
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from app.context import Library
from app.pipeline.graph import Graph
from app.pipeline.outcomes import Done, Found, Outcome, Records
from app.pipeline.stage import Work
from app.records.company import Company
from app.records.run import Run
from app.report import Report, load_report
from app.settings import Settings
from app.wiring import Engine, open_engine
from tests.factories import a_request, a_stage
from tests.postgres.conftest import nothing
from workers import context

OAK = Company("Oak Homes", "oakhomes.example", "https://oakhomes.example", city="Austin")


async def _discover(work: Work, tools: Any) -> Outcome:
    return Done(Records(found=(Found(OAK),)), {"cursor": None, "exhausted": True})


GRAPH = Graph.of(
    [
        a_stage("intake", 0, nothing, unit="run"),
        context.STAGE,
        a_stage("plan", 2, nothing, ["intake", "context"], unit="run"),
        a_stage("discovery", 3, _discover, ["plan"], unit="run", batches=True),
        a_stage("company_research", 4, nothing, ["discovery"]),
        a_stage("export", 9, nothing, ["company_research"], unit="run"),
    ]
)


async def _carried(engine: Engine, **given: Any) -> tuple[Run, Report]:
    run = await engine.orchestrator.create(a_request(sources=("made",), **given))
    worker = engine.worker(
        [stage.name for stage in GRAPH], SimpleNamespace(library=Library(engine.database))
    )
    await asyncio.wait_for(worker.run(until_idle=True), 30)
    return run, await load_report(engine.database, run.id)


async def test_a_company_gets_what_concerns_it_best_first_and_within_its_limit(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "oak.md").write_text("# Oak Homes\nWe met Oak Homes at the fair in Austin.")
    (tmp_path / "place.md").write_text("Austin is growing. " * 40)
    (tmp_path / "other.md").write_text("Reno has casinos.")
    async with open_engine(settings, graph=GRAPH) as engine:
        await _carried(engine)
        run, report = await _carried(engine, notes_dir=str(tmp_path))
        library = Library(engine.database)

        every = await library.of_company(run.id, OAK)
        few = await library.of_company(run.id, OAK, 60)

    assert report.statistics["context"] == {
        "total": 6, "icp": 1, "note": 3, "research": 1, "suppression": 1}  # fmt: skip
    assert [(each.kind, each.name) for each in every][1:] == [
        ("icp", "ICP profile"), ("note", "oak.md"), ("note", "place.md")]  # fmt: skip
    assert every[0].body.startswith("Oak Homes; place: Austin; outcome: ready")
    assert sum(each.tokens for each in few) <= 60
    assert "place.md" not in {each.name for each in few}


async def test_a_run_goes_on_without_a_context_and_says_so(
    settings: Settings, tmp_path: Path
) -> None:
    async with open_engine(settings, graph=GRAPH) as engine:
        _, report = await _carried(engine, notes_dir=str(tmp_path / "gone"))

    stages = {stage.stage: stage.status for stage in report.progress.stages}
    assert (report.progress.run.status, stages["context"]) == ("completed", "failed")
    assert report.progress.notes[0].startswith("goes on without context: notes ")
    assert report.delivered == 1


async def test_words_of_a_company_are_never_read_as_a_query(settings: Settings) -> None:
    async with open_engine(settings, graph=GRAPH) as engine:
        run, _ = await _carried(engine)
        odd = replace(OAK, name="'); & | ! :* \\ <-> O'Brien", domain="", city="")

        found = await Library(engine.database).of_company(run.id, odd)

    assert [each.kind for each in found] == ["icp"]
