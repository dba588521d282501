"""A worker takes a run from its first item to its end."""

import asyncio
from dataclasses import replace
from functools import partial
from typing import Any

import asyncpg
import pytest

from app.clock import SystemClock
from app.crawl.crawl import Crawl
from app.crawl.visits import Visits
from app.errors import BadResponse
from app.pipeline.graph import Graph
from app.pipeline.outcomes import Done, Fail, Outcome, Records, Skip
from app.pipeline.stage import Work
from app.settings import Settings
from app.settler import Settler
from app.wiring import open_engine
from tests.factories import a_request, a_stage
from tests.postgres.conftest import eventually, graph_with, nothing, working


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
    graph = graph_with(nothing)

    run = await _finish(settings, graph, target_quantity=10)

    assert run["status"] == "completed"
    assert set(run["stages"].values()) == {"complete"}
    assert run["companies"] == {"ready": 14}


async def test_a_look_at_a_run_tells_whether_it_moved_anything(settings: Settings) -> None:
    async with open_engine(settings, graph=graph_with(nothing)) as engine:
        run = await engine.orchestrator.create(a_request())
        idle = await engine.orchestrator.advance(run.id)
        await engine.database.fetch("UPDATE items SET state = 'done' WHERE run_id = $1", run.id)
        moved = [await engine.orchestrator.advance(run.id) for _ in range(2)]

        assert not idle
        assert moved == [True, False]


async def test_a_connection_that_breaks_inside_the_driver_refuses_no_records(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, broken = Settler._commit, 2

    async def breaks(self: Settler, group: Any) -> None:
        nonlocal broken
        if broken and group[0].lease.company_id is not None:
            broken -= 1
            raise asyncpg.InternalClientError("another operation is in progress")
        await commit(self, group)

    monkeypatch.setattr(Settler, "_commit", breaks)

    run = await _finish(settings, graph_with(nothing), target_quantity=10)

    assert broken == 0
    assert run["companies"] == {"ready": 14}


async def test_discovery_brings_more_while_research_rejects(settings: Settings) -> None:
    async def picky(work: Work, tools: Any) -> Outcome:
        assert work.company is not None
        keep = work.company.ordinal % 3 == 0
        return Done() if keep else Skip("wrong_place", "not there")

    graph = graph_with(picky)

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

    graph = graph_with(shaky)

    run = await _finish(settings, graph, target_quantity=20)

    assert tries["c1.example"] == 1
    assert tries["c2.example"] == 3
    assert run["companies"] == {"ready": 25, "failed": 1}


async def test_a_site_that_hangs_keeps_one_place_and_the_others_go_on(settings: Settings) -> None:
    visits, released = Visits(SystemClock(), 1), asyncio.Event()

    async def read(bad: bool) -> Crawl:
        await (released.wait() if bad else asyncio.sleep(0))
        return Crawl(error=BadResponse("gone", "answered 410"))

    async def research(work: Work, tools: Any) -> Outcome:
        assert work.company is not None
        bad = work.company.ordinal <= 12
        website = f"{work.company.domain}.bad.example" if bad else work.company.website
        await visits.visit(website, partial(read, bad))
        return Done()

    async with open_engine(settings, graph=graph_with(research)) as engine:
        await engine.orchestrator.create(a_request(target_quantity=30))
        async with working(engine, 5):
            good = "SELECT count(*) = 18 FROM companies WHERE ordinal > 12 AND status = 'ready'"
            await eventually(lambda: engine.database.fetchval(good))
            waiting = (
                "SELECT attempt FROM items WHERE stage = 'company_research' AND state = 'ready'"
            )
            attempts = [row[0] for row in await engine.database.fetch(waiting)]
            released.set()

    assert attempts == [0] * 11


async def test_a_failed_run_stage_ends_the_run_with_its_reason(settings: Settings) -> None:
    async def refuse(work: Work, tools: Any) -> Outcome:
        return Fail("bad_list", "the list is gone", temporary=False)

    graph = Graph.of([a_stage("intake", 0, refuse, unit="run")])

    run = await _finish(settings, graph)

    assert run["status"] == "failed"
    assert run["notes"] == ["stage intake failed: the list is gone"]


async def test_one_record_that_cannot_be_stored_harms_no_neighbour(settings: Settings) -> None:
    async def odd(work: Work, tools: Any) -> Outcome:
        assert work.company is not None
        tier = "Z" if work.company.ordinal == 5 else "A"
        return Done(Records(company=replace(work.company, icp_tier=tier)))

    graph = graph_with(odd)

    run = await _finish(settings, graph, target_quantity=30)

    assert run["companies"] == {"ready": 29, "failed": 1}
