"""What becomes of companies whose sites fail: for now, for good, or all on one platform."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.clock import SystemClock
from app.crawl.fetch import HttpFetcher
from app.crawl.limits import Limits
from app.crawl.visits import FAILURES
from app.pipeline.graph import Graph
from app.pipeline.outcomes import Done, Found, Outcome, Records
from app.pipeline.stage import Work
from app.records.company import Company
from app.settings import Settings
from app.tools import Tools, open_tools
from app.wiring import Engine, open_engine
from tests.factories import a_request, a_stage, evidence
from tests.faults.site import Loopback, Web, a_web
from tests.postgres.conftest import nothing
from workers import company_research

LIMITS = Limits(spacing=0.0, tries=1, site_seconds=30.0, visits=2)


def _graph(web: Web, hosts: list[str]) -> Graph:
    """The real research of companies with these hosts."""

    async def discover(work: Work, tools: Any) -> Outcome:
        found = tuple(
            Found(
                Company(name, f"{name}.example", web.url(name)),
                (evidence("company_name", name), evidence("domain", f"{name}.example")),
            )
            for name in hosts
        )
        return Done(Records(found=found), {"cursor": len(found), "exhausted": True})

    return Graph.of(
        [
            a_stage("intake", 0, nothing, unit="run"),
            a_stage("discovery", 3, discover, ["intake"], unit="run", batches=True),
            a_stage("company_research", 4, company_research.handle, ["discovery"]),
            a_stage("export", 9, nothing, ["company_research"], unit="run"),
        ]
    )


@asynccontextmanager
async def _tools(engine: Engine, web: Web) -> AsyncIterator[Tools]:
    """The real tools, for which every name is this machine."""
    async with (
        open_tools(engine.settings, engine.database, engine.budget) as tools,
        HttpFetcher(
            LIMITS,
            SystemClock(),
            user_agent="Sluice/0.1",
            allowed=[f"127.0.0.1:{web.port}"],
            resolver=Loopback(),
        ) as network,
    ):
        yield replace(tools, network=network, limits=LIMITS)


async def _ended(settings: Settings, web: Web, hosts: list[str]) -> dict[str, Any]:
    """Name -> (state, cause, attempts) of each company's research once the run is over."""
    async with (
        open_engine(settings, graph=_graph(web, hosts)) as engine,
        _tools(engine, web) as tools,
    ):
        await engine.orchestrator.create(a_request(target_quantity=len(hosts)))
        worker = engine.worker([stage.name for stage in engine.graph], tools)
        await worker.run(until_idle=True)
        rows = await engine.database.fetch(
            "SELECT c.name, i.state, i.cause, i.attempt FROM items i"
            " JOIN companies c ON c.id = i.company_id WHERE i.stage = 'company_research'"
        )
    return {row["name"]: (row["state"], row["cause"], row["attempt"]) for row in rows}


async def test_a_temporary_failure_is_tried_again_and_a_final_one_is_not(
    settings: Settings, tmp_path: Path
) -> None:
    async with a_web(tmp_path) as web:
        hosts = ["flaky", "broken", "gone", "robots-forbid", "picture", "loop"]
        ended = await _ended(settings, web, hosts)
        await web.close()
        asked = {name: [path for path, _ in web.asked(name)] for name in hosts}

    assert ended == {
        "flaky": ("done", None, 3),
        "broken": ("failed", "server_error", 4),
        "gone": ("skipped", "gone", 1),
        "robots-forbid": ("skipped", "robots", 1),
        "picture": ("skipped", "not_html", 1),
        "loop": ("skipped", "redirect_loop", 1),
    }
    assert asked["broken"].count("/") == 4
    assert asked["robots-forbid"] == ["/robots.txt"]
    assert asked["picture"] == ["/robots.txt", "/"]


async def test_a_platform_that_fails_is_asked_a_few_times_for_all_its_companies(
    settings: Settings, tmp_path: Path
) -> None:
    hosts = [*(f"n{number}.broken" for number in range(20)), "ok"]
    async with a_web(tmp_path) as web:
        ended = await _ended(
            settings.model_copy(update={"attempts": 2, "backoff_cap": 0.1}), web, hosts
        )
        await web.close()
        asked = [path for name in hosts[:-1] for path, _ in web.asked(name) if path == "/"]

    assert ended.pop("ok")[0] == "done"
    assert {state for state, _, _ in ended.values()} == {"failed"}
    assert {cause for _, cause, _ in ended.values()} <= {"server_error", "site_rests"}
    assert FAILURES <= len(asked) <= FAILURES + LIMITS.visits
