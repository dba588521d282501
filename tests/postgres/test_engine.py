"""A worker takes a run from its first item to its end."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.pipeline.graph import Graph
from app.pipeline.outcomes import Done, Fail, Outcome, Records, Skip
from app.pipeline.stage import Stage, Work
from app.settings import Settings
from app.wiring import Engine, open_engine
from tests.factories import a_request, a_stage, companies


async def _nothing(work: Work, tools: Any) -> Outcome:
    return Done()


async def _discover(work: Work, tools: Any) -> Outcome:
    """A source of 30 companies, brought in batches of the size asked for."""
    start = work.input["cursor"] or 0
    end = min(start + work.input["size"], 30)
    found = companies(end - start, start + 1)
    return Done(Records(found=found), {"cursor": end, "exhausted": end == 30})


def a_graph(*research: Stage) -> Graph:
    last = research[-1].name if research else "discovery"
    return Graph.of(
        [
            a_stage("intake", 0, _nothing, unit="run"),
            a_stage("discovery", 3, _discover, ["intake"], unit="run", batches=True),
            *research,
            a_stage("export", 9, _nothing, [last], unit="run"),
        ]
    )


@pytest.fixture
async def engine(settings: Settings) -> AsyncIterator[Engine]:
    async with open_engine(settings, graph=a_graph()) as engine:
        yield engine


async def _finish(settings: Settings, graph: Graph, **request: Any) -> dict[str, Any]:
    """Run to the end with one worker; the run's row with counts."""
    async with open_engine(settings, graph=graph) as engine:
        run = await engine.orchestrator.create(a_request(**request))
        worker = engine.worker([stage.name for stage in graph], None)
        await asyncio.wait_for(worker.run(until_idle=True), 30)
        row = await engine.database.fetchrow("SELECT * FROM runs WHERE id = $1", run.id)
        counts = await engine.database.fetch(
            "SELECT status, count(*) AS n FROM companies WHERE run_id = $1 GROUP BY 1", run.id
        )
        stages = await engine.database.fetch(
            "SELECT stage, status FROM stages WHERE run_id = $1", run.id
        )
        return {
            **row,
            "companies": {row["status"]: row["n"] for row in counts},
            "stages": {row["stage"]: row["status"] for row in stages},
        }


async def test_a_run_goes_through_all_stages_and_completes(settings: Settings) -> None:
    graph = a_graph(a_stage("company_research", 4, _nothing, ["discovery"]))

    run = await _finish(settings, graph, target_quantity=10)

    assert run["status"] == "completed"
    assert set(run["stages"].values()) == {"complete"}
    assert run["companies"] == {"ready": 14}


async def test_discovery_brings_more_while_research_rejects(settings: Settings) -> None:
    async def picky(work: Work, tools: Any) -> Outcome:
        assert work.company is not None
        keep = work.company.ordinal % 3 == 0
        return Done() if keep else Skip("wrong_place", "not there")

    graph = a_graph(a_stage("company_research", 4, picky, ["discovery"]))

    run = await _finish(settings, graph, target_quantity=8)

    assert run["companies"] == {"ready": 9, "rejected": 20}  # 12, then 17 more


async def test_a_temporary_failure_is_tried_again_and_a_final_one_is_not(
    settings: Settings,
) -> None:
    tries: dict[str, int] = {}

    async def shaky(work: Work, tools: Any) -> Outcome:
        assert work.company is not None
        name = work.company.domain
        tries[name] = tries.get(name, 0) + 1
        if name == "c1.example":
            return Fail("not_found", "404", temporary=False)
        if name == "c2.example" and work.attempt < 3:
            raise ConnectionResetError("gone")
        return Done()

    graph = a_graph(a_stage("company_research", 4, shaky, ["discovery"]))

    run = await _finish(settings, graph, target_quantity=20)

    assert tries["c1.example"] == 1
    assert tries["c2.example"] == 3
    assert run["companies"] == {"ready": 25, "failed": 1}


async def test_a_failed_run_stage_ends_the_run_with_its_reason(settings: Settings) -> None:
    async def refuse(work: Work, tools: Any) -> Outcome:
        return Fail("bad_list", "the list is gone", temporary=False)

    graph = Graph.of([a_stage("intake", 0, refuse, unit="run")])

    run = await _finish(settings, graph)

    assert run["status"] == "failed"
    assert run["notes"] == ["stage intake failed: the list is gone"]


async def test_one_record_that_cannot_be_stored_harms_no_neighbour(settings: Settings) -> None:
    from dataclasses import replace

    async def odd(work: Work, tools: Any) -> Outcome:
        assert work.company is not None
        tier = "Z" if work.company.ordinal == 5 else "A"
        return Done(Records(company=replace(work.company, icp_tier=tier)))

    graph = a_graph(a_stage("company_research", 4, odd, ["discovery"]))

    run = await _finish(settings, graph, target_quantity=30)

    assert run["companies"] == {"ready": 29, "failed": 1}
