"""Fewer than asked: said to the last company, and a person decides where the request says so."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from app import decisions
from app.db.pool import Database
from app.db.queries import query
from app.db.snapshots import freeze
from app.decisions import Wider
from app.errors import InputError
from app.pipeline.graph import Graph
from app.pipeline.outcomes import Done, Outcome, Records, Skip
from app.pipeline.stage import Work
from app.records.criteria import Criteria
from app.records.run import Run, RunRequest
from app.report import Report, load_report
from app.wiring import Engine
from tests.factories import a_request, a_stage, companies
from tests.postgres.conftest import nothing

Opened = Callable[[Graph], Awaitable[Engine]]


async def discover(work: Work, tools: Any) -> Outcome:
    """Each source holds five companies; the cursor says which source is next."""
    sources, first = work.run.request.sources, work.input["cursor"] or 0
    found = companies(5 * (len(sources) - first), 5 * first + 1)
    return Done(Records(found=found), {"cursor": len(sources), "exhausted": True})


async def in_texas(work: Work, tools: Any) -> Outcome:
    """Every second company is elsewhere, and one has no website, wherever one looks."""
    assert work.company is not None
    if work.company.ordinal == 1:
        return Skip("no_website", "it has none")
    if work.run.request.criteria.state == "TX" and work.company.ordinal % 2:
        return Skip("wrong_place", "not there")
    return Done()


GRAPH = Graph.of(
    [
        a_stage("discovery", 3, discover, unit="run", batches=True),
        a_stage("company_research", 4, in_texas, ["discovery"]),
        a_stage("export", 9, nothing, ["company_research"], unit="run"),
    ]
)


@pytest.fixture
def request_(tmp_path: Path) -> RunRequest:
    """Eight in Texas, of a list that holds five."""
    (tmp_path / "list.csv").write_text("name,website\nOne,https://one.example\n")
    return a_request(
        criteria=Criteria(state="TX"),
        sources=(f"csv_file:{tmp_path}/list.csv",),
        output_dir=str(tmp_path),
        target_quantity=8,
        on_shortfall="ask",
    )


async def _work(engine: Engine, run: Run) -> Report:
    worker = engine.worker([stage.name for stage in GRAPH], None)
    await asyncio.wait_for(worker.run(until_idle=True), 30)
    return await load_report(engine.database, run.id)


async def test_too_few_and_no_more_to_find_asks_before_the_export(
    opened: Opened, request_: RunRequest
) -> None:
    engine = await opened(GRAPH)
    run = await engine.orchestrator.create(request_)

    report = await _work(engine, run)

    assert report.progress.run.status == "needs_decision"
    assert [(each.who, each.what, each.stage) for each in report.decisions] == [
        ("sluice", "asked", "discovery")
    ]
    assert report.progress.notes == ("8 asked, 2 ready, and the sources hold no more that match",)
    assert report.sentence() == (
        "8 asked, 2 ready: 2 in another place, 1 without a website,"
        " the sources hold no more than 5 that match"
    )


async def test_accepted_the_run_delivers_what_there_is(
    opened: Opened, request_: RunRequest
) -> None:
    engine = await opened(GRAPH)
    run = await engine.orchestrator.create(request_)
    await _work(engine, run)

    await decisions.accept(engine, run, "enough for the fair")
    report = await _work(engine, run)

    assert report.progress.run.status == "completed"
    assert (report.decisions[-1].what, report.decisions[-1].reason) == (
        "accept",
        "enough for the fair",
    )
    with pytest.raises(InputError, match="is completed: there is nothing to decide"):
        await decisions.accept(engine, run, "")


async def test_other_criteria_let_what_the_old_ones_rejected_be_looked_at_again(
    opened: Opened, request_: RunRequest
) -> None:
    engine = await opened(GRAPH)
    run = await engine.orchestrator.create(request_)
    await _work(engine, run)

    again = await decisions.widen(engine, run, Wider(Criteria(country="US")), "")
    report = await _work(engine, run)

    assert again == 2  # the one without a website stays out
    assert (report.progress.run.status, report.delivered) == ("needs_decision", 4)
    assert report.progress.run.request.criteria == Criteria(country="US")
    assert [each.what for each in report.decisions] == ["asked", "widen", "asked"]


async def test_a_further_source_is_read_after_the_others(
    opened: Opened, request_: RunRequest, tmp_path: Path
) -> None:
    engine = await opened(GRAPH)
    run = await engine.orchestrator.create(request_)
    await _work(engine, run)
    more = tmp_path / "more.csv"
    more.write_text("name,website\nTwo,https://two.example\n")

    assert await decisions.widen(engine, run, Wider(sources=[f"csv_file:{more}"]), "") == 0
    report = await _work(engine, run)

    assert (report.account.found, report.delivered) == (10, 5)
    with pytest.raises(InputError, match="widen needs --criteria or --source"):
        await decisions.widen(engine, run, Wider(), "")
    with pytest.raises(InputError, match=r"nowhere\.csv"):
        await decisions.widen(engine, run, Wider(sources=["csv_file:nowhere.csv"]), "")


async def test_cancelled_it_delivers_nothing(opened: Opened, request_: RunRequest) -> None:
    engine = await opened(GRAPH)
    run = await engine.orchestrator.create(request_)
    await _work(engine, run)

    await decisions.cancel(engine, run, "")

    report = await load_report(engine.database, run.id)
    assert report.progress.run.status == "cancelled"
    assert report.decisions[-1].what == "cancel"


@pytest.mark.parametrize(
    ("wish", "asked", "status"),
    [("fail", 8, "failed"), ("fail", 2, "completed"), ("ask", 2, "completed"),
     ("deliver", 8, "completed")],
)  # fmt: skip
async def test_what_happens_is_what_was_asked_for(
    opened: Opened, request_: RunRequest, wish: str, asked: int, status: str
) -> None:
    engine = await opened(GRAPH)
    request = replace(request_, on_shortfall=wish, target_quantity=asked)
    run = await engine.orchestrator.create(request)

    report = await _work(engine, run)

    assert report.progress.run.status == status
    if status == "failed":
        assert report.progress.notes == (
            "stage discovery failed: 8 asked, 2 ready, and the sources hold no more that match",
        )
        assert report.progress.run.stage == "discovery"


_PLACES = ("open", "ready", "rejected", "review", "failed")


@examples(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    places=st.lists(st.tuples(st.sampled_from(_PLACES), st.sampled_from("abc")), max_size=25),
    asked=st.integers(1, 12),
    status=st.sampled_from(["active", "completed", "cancelled", "needs_decision"]),
    exported=st.booleans(),
    moved=st.integers(0, 12),
)
def test_every_company_is_in_the_account_once(
    database_url: str, places: Any, asked: int, status: str, exported: bool, moved: int
) -> None:
    """Whatever became of them, and though some moved on after the files were written."""
    from app.settings import Settings

    async def tried() -> Report:
        database = await Database.open(Settings(SLUICE_DATABASE_URL=database_url))  # type: ignore[call-arg]
        try:
            return await _account(database, places, asked, status, exported, moved)
        finally:
            await database.close()

    report = asyncio.run(tried())

    account = report.account
    assert account.found == len(places)
    assert 0 <= account.delivered <= asked
    assert account.spare >= 0
    ready = sum(place == "ready" for place, _ in places)
    would_be = 0 if status == "cancelled" and not exported else min(ready, asked)
    assert account.delivered == would_be
    unseen = sum(each.count for each in account.missing if each.cause == "not_looked")
    assert account.in_work + unseen == sum(place == "open" for place, _ in places)


async def _account(
    database: Database, places: Any, asked: int, status: str, exported: bool, moved: int
) -> Report:
    from app.db.requests import pack_request, unpack_run

    packed = pack_request(a_request(target_quantity=asked, contacts_min=0))
    row = await database.fetchrow(query("runs.create"), packed, asked, 0, 3, "discovery", [], [])
    run = unpack_run(row)
    for ordinal, (place, cause) in enumerate(places, 1):
        await database.fetch(
            "INSERT INTO companies (run_id, ordinal, name, domain, current_stage, status, cause)"
            " VALUES ($1, $2, 'x', $3, 'x', $4, $5)",
            *(run.id, ordinal, f"c{ordinal}.example", place, cause if place[0] == "r" else ""),
        )
    if exported:
        await freeze(database, run, None)
        await database.fetch(
            query("snapshots.add_artifacts"), run.id, ["companies_csv"], ["/x"], [0], ["0"]
        )
        await database.fetch(
            "UPDATE companies SET status = 'rejected', cause = 'late' WHERE run_id = $1"
            " AND status = 'ready' AND ordinal <= $2",
            run.id,
            moved,
        )
    await database.fetch(query("runs.set_status"), run.id, status)
    return await load_report(database, run.id)
