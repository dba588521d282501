"""Progress and report of a run on real Postgres."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest

from app.api import get_run_progress
from app.errors import RunNotFound
from app.pipeline.graph import Graph
from app.pipeline.outcomes import Done, Fail, Outcome, Skip
from app.pipeline.stage import Work
from app.progress import load_progress
from app.report import load_report
from app.settings import Settings
from app.wiring import Engine
from tests.factories import a_request
from tests.postgres.conftest import graph_with

Opened = Callable[[Graph], Awaitable[Engine]]


async def _mixed(work: Work, tools: Any) -> Outcome:
    assert work.company is not None
    match work.company.ordinal % 10:
        case 0 | 5:
            return Skip("no_website", "the list gives none")
        case 1:
            return Fail("not_found", "404", temporary=False)
        case _:
            return Done()


async def _finished(engine: Engine, **request: Any) -> Any:
    run = await engine.orchestrator.create(a_request(**request))
    worker = engine.worker([stage.name for stage in engine.graph], None)
    await asyncio.wait_for(worker.run(until_idle=True), 30)
    return run


async def test_a_new_run_is_at_its_first_stage_with_everything_missing(opened: Opened) -> None:
    engine = await opened(graph_with(_mixed))
    run = await engine.orchestrator.create(a_request(target_quantity=5, contacts_min=2))

    summary = (await load_progress(engine.database, run.id)).summary()

    assert summary == {
        "run": str(run.id),
        "stage": "intake",
        "status": "active",
        "criteria": {},
        "companies": {"ready": 0, "gap": 5, "progress_pct": 0.0},
        "contacts": {"ready": 0, "gap": 10, "progress_pct": 0.0},
        "created_at": run.created_at.isoformat(),
        "notes": [],
    }


async def test_a_report_says_what_was_delivered_and_why_the_rest_is_missing(
    opened: Opened,
) -> None:
    engine = await opened(graph_with(_mixed))
    run = await _finished(engine, target_quantity=25)

    report = await load_report(engine.database, run.id)

    assert report.sentence() == (
        "25 asked, 21 delivered: 6 without a website, 3 with a home page that is gone,"
        " the sources hold no more than 30 that match"
    )
    assert [(each.cause, each.status, each.count) for each in report.missing] == [
        ("no_website", "rejected", 6),
        ("not_found", "failed", 3),
    ]
    [failure] = report.failures
    assert (failure.stage, failure.cause, failure.count) == ("company_research", "not_found", 3)
    assert failure.sample.endswith(".example")
    assert report.failed_share == pytest.approx(3 / 33)


async def test_the_programmatic_way_finds_a_run_by_its_first_characters(
    opened: Opened, settings: Settings
) -> None:
    engine = await opened(graph_with(_mixed))
    run = await engine.orchestrator.create(a_request())

    progress = await get_run_progress(run.short_id, settings=settings)

    assert progress["run"] == str(run.id)


async def test_a_run_that_is_not_there_is_named(opened: Opened) -> None:
    engine = await opened(graph_with(_mixed))

    with pytest.raises(RunNotFound, match="list them with: sluice runs"):
        await load_progress(engine.database, uuid4())
