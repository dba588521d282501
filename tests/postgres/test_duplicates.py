"""Rows that are one company are one company: in a run, and against what earlier runs delivered."""

import asyncio
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app import decisions
from app.db import suppressions
from app.db.found import add_found
from app.decisions import Wider
from app.pipeline import gap
from app.pipeline.graph import Graph
from app.pipeline.outcomes import Done, Outcome, Skip
from app.pipeline.stage import Work
from app.pipeline.suppression import mark_of
from app.records.criteria import Criteria
from app.records.run import Run
from app.report import Report, load_report
from app.settings import Settings
from app.tools import open_tools
from app.wiring import Engine, open_engine
from tests.factories import a_request, a_stage
from tests.postgres.conftest import nothing
from workers import discovery, export, intake

PLACES = Path(__file__).parents[2] / "app" / "sample" / "places.parquet"
HEADER = "company_name,website,street,city,state,postcode,phone"
HARBOR = "Cedar Harbor Realty,cedarharbor.example,410 Maple Street,Austin,TX,78701,512 555 0101"
HARBOR_AGAIN = "Cedar Harbor Realty LLC,,410 Maple St,Austin,TX,78701,(512) 555-0101"
BIRCH = "Birch Lane Homes,birchlane.example,7 Elm Street,Dallas,TX,75201,214 555 0102"
BIRCH_WITHOUT = "Birch Lane Homes,,7 Elm Street,Dallas,TX,75201,"
OTHER_BRANCH = "Birch Lane Homes,birchlane.example,99 Oak Avenue,Waco,TX,76701,254 555 0103"


async def _look(work: Work, tools: Any) -> Outcome:
    """Research that needs a website, and then changes what the source said."""
    assert work.company is not None
    return Done() if work.company.website else Skip("no_website", "the source gives no website")


GRAPH = Graph.of(
    [
        intake.STAGE,
        replace(discovery.STAGE, needs=("intake",)),
        a_stage("company_research", 4, _look, ["discovery"]),
        a_stage("plan", 2, nothing, ["intake"], unit="run"),
        a_stage("readiness", 8, _look, ["company_research"]),
        export.STAGE,
    ]
)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    """A list with these rows; its source."""

    def write(name: str, *rows: str) -> str:
        path = tmp_path / name
        path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
        return f"csv_file:{path}"

    return write


async def _run(engine: Engine, *sources: str, **request: Any) -> Report:
    folder = str(Path(sources[0].partition(":")[2]).parent / "out")
    asked = a_request(sources=sources, output_dir=folder, **{"target_quantity": 50} | request)
    run = await engine.orchestrator.create(asked)
    report = await _work(engine, run)
    assert report.progress.run.status == "completed", report.progress.notes
    return report


async def _work(engine: Engine, run: Run) -> Report:
    async with open_tools(engine.settings, engine.database, engine.budget) as tools:
        worker = engine.worker([stage.name for stage in GRAPH], tools)
        await asyncio.wait_for(worker.run(until_idle=True), 30)
    return await load_report(engine.database, run.id)


async def _companies(engine: Engine, report: Report) -> list[tuple[str, str, str]]:
    rows = await engine.database.fetch(
        "SELECT name, status, cause FROM companies WHERE run_id = $1 ORDER BY ordinal",
        report.progress.run.id,
    )
    return [tuple(row.values()) for row in rows]


async def _duplicates(engine: Engine, report: Report) -> list[tuple[str, str, str, str]]:
    rows = await engine.database.fetch(
        "SELECT c.name AS kept, d.name, d.source_ref, d.rule FROM duplicates d"
        " JOIN companies c ON c.id = d.company_id WHERE d.run_id = $1 ORDER BY d.id",
        report.progress.run.id,
    )
    return [tuple(row.values()) for row in rows]


async def test_rows_that_are_one_company_are_one_across_sources_with_the_reasons(
    settings: Settings, write: Callable[..., str]
) -> None:
    async with open_engine(settings, graph=GRAPH) as engine:
        report = await _run(
            engine, write("a.csv", HARBOR, BIRCH), write("b.csv", OTHER_BRANCH, HARBOR_AGAIN)
        )

        assert [row[0] for row in await _companies(engine, report)] == [
            "Cedar Harbor Realty",
            "Birch Lane Homes",
        ]
        assert await _duplicates(engine, report) == [
            ("Birch Lane Homes", "Birch Lane Homes", "csv_file:b.csv#row=2", "row.domain"),
            (
                "Cedar Harbor Realty",
                "Cedar Harbor Realty LLC",
                "csv_file:b.csv#row=3",
                "street.and_name",
            ),
        ]
        assert sum(each.count for each in report.duplicates) == 2
        reasons = await engine.database.fetchval("SELECT reasons FROM duplicates ORDER BY id")
        assert "street.other" in reasons  # what spoke against it is kept too
        assert {each.what: each.count for each in report.disagreements} == {
            "city": 1,
            "phone": 1,
            "postcode": 1,
            "street": 1,
        }


async def test_a_row_that_is_read_again_is_no_duplicate_of_itself(
    settings: Settings, write: Callable[..., str], tmp_path: Path
) -> None:
    source = write("a.csv", HARBOR, HARBOR_AGAIN, BIRCH)
    request = a_request(
        sources=(source,),
        criteria=Criteria(city="Austin"),
        output_dir=str(tmp_path),
        on_shortfall="ask",
    )
    async with open_engine(settings, graph=GRAPH) as engine:
        async with engine.database.transaction() as connection:
            forgotten = [mark_of("birchlane.example")]
            await suppressions.add(connection, forgotten, "forgotten", erased=True)
        run = await engine.orchestrator.create(request)
        assert len((await _work(engine, run)).duplicates) == 1

        for _ in range(2):
            await decisions.widen(engine, run, Wider(Criteria(country="US")), "")
            report = await _work(engine, run)

        assert (sum(each.count for each in report.duplicates), report.account.found) == (1, 2)
        assert [row[1:] for row in await _companies(engine, report)] == [
            ("ready", ""),
            ("rejected", "suppressed"),
        ]


async def test_what_a_duplicate_says_is_evidence_and_changes_no_value(
    settings: Settings, write: Callable[..., str]
) -> None:
    async with open_engine(settings, graph=GRAPH) as engine:
        report = await _run(engine, write("a.csv", BIRCH, OTHER_BRANCH), with_evidence=True)
        row = await engine.database.fetchrow("SELECT id, phone, city FROM companies")
        phones = await engine.database.fetch(
            "SELECT value, rule FROM evidence WHERE field = 'phone' ORDER BY id"
        )
        async with open_tools(engine.settings, engine.database, engine.budget) as tools:
            for_research = await tools.evidence(row["id"])

    assert (row["phone"], row["city"]) == ("214 555 0102", "Dallas")
    assert [tuple(each.values()) for each in phones] == [
        ("214 555 0102", "source.csv_file"),
        ("254 555 0103", "duplicate.csv_file"),
    ]
    assert {fact.rule for fact in for_research} == {"source.csv_file"}
    table = await asyncio.to_thread(Path(report.files[0].path).read_text, "utf-8")
    assert "row=3" not in table


async def test_a_row_with_a_website_takes_the_place_of_one_without(
    settings: Settings, write: Callable[..., str]
) -> None:
    async with open_engine(settings, graph=GRAPH) as engine:
        report = await _run(engine, write("a.csv", BIRCH_WITHOUT), write("b.csv", BIRCH))

        assert await _companies(engine, report) == [
            ("Birch Lane Homes", "rejected", "no_website"),
            ("Birch Lane Homes", "ready", ""),
        ]
        assert len(await _duplicates(engine, report)) == 1
    assert report.delivered == report.account.found == 1
    assert report.missing == ()


async def test_the_manifest_names_each_source_of_a_row_with_its_licence(
    settings: Settings, write: Callable[..., str]
) -> None:
    places = f"overture:{PLACES}"
    async with open_engine(settings, graph=GRAPH) as engine:
        report = await _run(engine, write("a.csv", HARBOR), places)
    manifest = report.file("manifest")
    assert manifest
    said = json.loads(await asyncio.to_thread(Path(manifest.path).read_text, "utf-8"))

    [own, open_data] = said["attribution"]
    assert own == {"discovery_source": "csv_file", "companies": 1, "licence": ""}
    assert open_data["discovery_source"] == "overture"
    assert open_data["licence"].startswith("Overture Maps Foundation")
    assert open_data["companies"] == report.delivered - 1


async def test_equal_names_at_two_addresses_are_two_companies(
    settings: Settings, write: Callable[..., str]
) -> None:
    here = "Oak Market,,1 First Street,Austin,TX,78701,512 555 0110"
    there = "Oak Market,,950 Ninth Avenue,Austin,TX,78745,512 555 0111"
    async with open_engine(settings, graph=GRAPH) as engine:
        report = await _run(engine, write("a.csv", here, there))

        assert len(await _companies(engine, report)) == 2


async def test_discovery_done_again_finds_the_same_rows_and_no_duplicates_of_themselves(
    settings: Settings, write: Callable[..., str]
) -> None:
    source = write("a.csv", HARBOR, BIRCH_WITHOUT, BIRCH, HARBOR_AGAIN)
    async with open_engine(settings, graph=GRAPH) as engine:
        report = await _run(engine, source)
        before = await _companies(engine, report), await _duplicates(engine, report)
        count = "SELECT count(*) FROM evidence"
        facts = await engine.database.fetchval(count)
        run = report.progress.run
        async with open_tools(engine.settings, engine.database, engine.budget) as tools:
            [opened] = tools.sources(run)
            batch = await opened.source.batch(Criteria(), 0, 9, tools.now())
            again = await tools.sift(run, batch.found)
        async with engine.database.transaction() as connection:
            new = await add_found(connection, run.id, "discovery", again)

        assert new == []
        assert (await _companies(engine, report), await _duplicates(engine, report)) == before
        assert await engine.database.fetchval(count) == facts


async def test_one_batch_of_a_run_is_at_work_at_a_time(
    settings: Settings, write: Callable[..., str]
) -> None:
    async with open_engine(settings, graph=GRAPH) as engine:
        report = await _run(engine, write("a.csv", HARBOR))
        run = report.progress.run
        ids = [
            row["id"]
            for row in await engine.database.fetch(
                "INSERT INTO items"
                " (run_id, stage, batch, state, leased_until, worker_id, started_at)"
                " SELECT $1, 'discovery', n, 'leased', now(), 1, now() - n * interval '1 s'"
                " FROM generate_series(7, 8) AS n RETURNING id",
                run.id,
            )
        ]
        async with open_tools(engine.settings, engine.database, engine.budget) as tools:
            first = [await tools.is_first(Work(id_, "discovery", 1, run)) for id_ in ids]

    assert first == [False, True]


def _rows(seed: int) -> Sequence[str]:
    """Rows with few names, streets, phones and domains, so that many are one company."""
    chance = random.Random(seed)
    some = chance.choice
    return [
        f"{some(['Oak', 'Fir', 'Elm'])} {some(['Homes', 'Realty', 'Homes LLC'])},"
        f"{some(['', '', 'oak.example', 'fir.example', 'elm.example', 'homes.example'])},"
        f"{some(['', '1 Ash St', '20 Bay Road'])},{some(['Austin', 'Waco'])},TX,"
        f"{some(['', '78701'])},{some(['', '512 555 0120', '512 555 0121'])}"
        for _ in range(60)
    ]


@pytest.mark.parametrize("seed", range(3))
async def test_where_batches_end_changes_nothing(
    settings: Settings,
    write: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
) -> None:
    sources = write("a.csv", *_rows(seed)), write("b.csv", *_rows(seed + 100))
    seen = []
    for size in (1000, 7, 3):
        monkeypatch.setattr(gap, "BATCH", size)
        async with open_engine(settings, graph=GRAPH) as engine:
            report = await _run(engine, *sources, target_quantity=100)
            duplicates = sorted(await _duplicates(engine, report))
            seen.append((await _companies(engine, report), duplicates))

    assert seen[0] == seen[1] == seen[2]
    assert len(seen[0][1]) > 3
    assert 3 < len(seen[0][0]) < 120


async def test_what_an_earlier_run_delivered_is_told_and_left_out_when_asked(
    settings: Settings, write: Callable[..., str]
) -> None:
    first, second = write("a.csv", HARBOR), write("b.csv", HARBOR_AGAIN + "\n" + BIRCH)
    with_website = write("c.csv", HARBOR.replace("cedarharbor", "cedar-harbor"), BIRCH)
    async with open_engine(settings, graph=GRAPH) as engine:
        earlier = await _run(engine, first)
        told = await _run(engine, second)
        left_out = await _run(engine, with_website, exclude_earlier=True)

        [fact] = await engine.database.fetch(
            "SELECT e.value, e.quote, e.rule FROM evidence e"
            " JOIN companies c ON c.id = e.company_id"
            " WHERE e.field = 'delivered_earlier' AND c.run_id = $1",
            told.progress.run.id,
        )
    assert earlier.delivered_earlier == ()
    assert fact["value"].startswith(f"run {earlier.progress.run.short_id} on 20")
    assert fact["quote"] == "Cedar Harbor Realty, cedarharbor.example, Austin"
    assert fact["rule"] == "delivered.street.and_name"
    assert [each.count for each in told.delivered_earlier] == [1]
    assert left_out.delivered == 0
    assert [(each.cause, each.count) for each in left_out.missing] == [("delivered_earlier", 2)]
    assert "2 delivered by an earlier run" in left_out.sentence()
