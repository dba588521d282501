"""Who is on the suppression list is not researched, and never reaches a file."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from app.db import suppressions
from app.db.pool import Database
from app.db.snapshots import StoredSnapshot, freeze
from app.pipeline.graph import Graph
from app.pipeline.outcomes import Done, Found, Outcome, Records
from app.pipeline.stage import Work
from app.pipeline.suppression import mark_of
from app.records.company import Company
from app.records.contact import Contact
from app.records.run import Run
from app.settings import Settings
from app.wiring import Engine, open_engine
from tests.factories import a_request, a_stage, evidence
from tests.postgres.conftest import nothing

Opened = Callable[[Graph], Awaitable[Engine]]


async def _suppress(database: Database, *values: str, erased: bool = False) -> int:
    async with database.transaction() as connection:
        marks = [mark_of(value) for value in values]
        return await suppressions.add(connection, marks, "asked us", erased=erased)


def _graph(*found: Company, people: int = 2) -> Graph:
    """Discovery brings these companies; each has so many people, with addresses at its domain."""

    async def discover(work: Work, tools: Any) -> Outcome:
        return Done(Records(found=tuple(Found(each) for each in found)), {"exhausted": True})

    async def research(work: Work, tools: Any) -> Outcome:
        assert work.company is not None
        domain = work.company.domain
        names = [f"p{n}" for n in range(1, people + 1)]
        return Done(
            Records(
                contacts=tuple(
                    Contact(name, name.title(), email=f"{name}@{domain}", email_status="published")
                    for name in names
                ),
                evidence=tuple(
                    evidence(field, value, subject=name)
                    for name in names
                    for field, value in (("full_name", name), ("email", f"{name}@{domain}"))
                ),
            )
        )

    return Graph.of(
        [
            a_stage("discovery", 3, discover, unit="run", batches=True),
            a_stage("company_research", 4, research, ["discovery"]),
            a_stage("export", 9, nothing, ["company_research"], unit="run"),
        ]
    )


async def _finish(settings: Settings, graph: Graph, **request: Any) -> Run:
    async with open_engine(settings, graph=graph) as engine:
        run = await engine.orchestrator.create(a_request(**request))
        await engine.worker([stage.name for stage in graph], None).run(until_idle=True)
        return run


async def _rows(snapshot: StoredSnapshot) -> tuple[list[Any], list[Any]]:
    return [row async for row in snapshot.companies()], [row async for row in snapshot.contacts()]


async def _standing(database: Database) -> dict[str, tuple[str, str]]:
    rows = await database.fetch("SELECT coalesce(nullif(domain, ''), name) AS name, status, cause"
                                " FROM companies")  # fmt: skip
    return {row["name"]: (row["status"], row["cause"]) for row in rows}


A, B, C = (Company(f"Firm {n}", f"{n}.example", f"https://www.{n}.example") for n in "abc")


async def test_a_suppressed_domain_is_not_researched(
    settings: Settings, database: Database
) -> None:
    await _suppress(database, "b.example", "+1 512 555 0101")
    called = replace(C, phone="512-555-0101", country="US")

    await _finish(settings, _graph(A, B, called))

    assert await _standing(database) == {
        "a.example": ("ready", ""),
        "b.example": ("rejected", "suppressed"),
        "c.example": ("rejected", "suppressed"),
    }
    assert await database.fetchval("SELECT count(*) FROM items WHERE company_id IS NOT NULL") == 1


async def test_a_forgotten_company_that_a_source_lists_is_counted_and_not_named(
    settings: Settings, database: Database
) -> None:
    await _suppress(database, "a.example", "b.example", erased=True)

    await _finish(settings, _graph(A, B, C))

    standing = await _standing(database)
    assert standing.pop("c.example") == ("ready", "")
    assert list(standing.values()) == [("rejected", "suppressed")] * 2
    assert all(name.startswith("suppressed ") for name in standing)
    assert await database.fetchval("SELECT count(*) FROM companies WHERE domain = 'a.example'") == 0


async def test_what_was_suppressed_meanwhile_never_reaches_a_file(
    settings: Settings, database: Database
) -> None:
    run = await _finish(settings, _graph(A, B, C), target_quantity=2, contacts_max=1)
    await _suppress(database, "a.example", "P1+x@B.example")

    snapshot = await freeze(database, run, None)

    companies, people = await _rows(snapshot)
    kept = await database.fetch("SELECT domain FROM companies WHERE id = ANY ($1::bigint[])",
                                [row["company_id"] for row in companies])  # fmt: skip
    assert sorted(row["domain"] for row in kept) == ["b.example", "c.example"]  # C took A's place
    assert [row["email"] for row in people] == ["p2@b.example", "p1@c.example"]  # so did P2
    assert all(row["suppression_checked_at"] for row in [*companies, *people])
    withheld = await database.fetch(
        "SELECT a.kind, c.domain, a.subject FROM absences a JOIN companies c ON c.id = a.company_id"
        " WHERE c.status = 'ready'"
    )
    assert [tuple(row) for row in withheld] == [("withheld", "b.example", "p1")]


async def test_a_company_with_too_few_people_left_is_left_out_until_they_may_be_given_again(
    settings: Settings, database: Database
) -> None:
    run = await _finish(settings, _graph(A, B, people=1))
    await _suppress(database, "p1@a.example")

    companies, people = await _rows(await freeze(database, run, None))

    assert (len(companies), len(people)) == (1, 1)
    assert (await _standing(database))["a.example"] == ("rejected", "too_few_contacts")
    assert await suppressions.remove(database, [mark_of("p1@a.example")]) == 1
    assert len((await _rows(await freeze(database, run, None)))[0]) == 2


async def test_a_retry_of_the_export_writes_the_same_less_what_was_suppressed(
    settings: Settings, database: Database
) -> None:
    run = await _finish(settings, _graph(A, B, C))
    item = await database.fetchval("SELECT id FROM items WHERE stage = 'export'")
    before = await _rows(await freeze(database, run, item))
    assert await _rows(await freeze(database, run, item)) == before

    await _suppress(database, "a.example", "p2@c.example")
    companies, people = await _rows(await freeze(database, run, item))

    assert companies == before[0][1:]
    assert [row["email"] for row in people] == ["p1@b.example", "p2@b.example", "p1@c.example"]


async def test_the_list_holds_no_value_and_each_entry_once(database: Database) -> None:
    assert await _suppress(database, "jane@firm.example", "firm.example") == 2
    assert await _suppress(database, "JANE+1@firm.example") == 0

    rows = await database.fetch(
        "SELECT s::text || encode(digest, 'escape') AS t FROM suppressions s"
    )
    assert len(rows) == 2
    assert not [row for row in rows if "firm" in row["t"] or "jane" in row["t"]]
