"""The three stages that judge: who is out, who waits, who is left out, and what is counted."""

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

from app.clock import SystemClock
from app.db.pool import Database
from app.judging import Judge
from app.pipeline.graph import Graph
from app.pipeline.outcomes import Done, Found, Outcome, Records
from app.pipeline.stage import Work
from app.records.company import Company
from app.records.contact import Contact
from app.records.page import Page
from app.records.run import Run
from app.report import Report, load_report
from app.wiring import Engine
from tests.factories import NOW, a_request, a_stage, evidence
from tests.postgres.conftest import eventually, nothing, opened  # noqa: F401
from workers import company_validation, contact_validation, readiness

PEOPLE = (
    Contact("ines-vega", "Ines Vega", "Owner", "ines@oak.example", "published"),
    Contact("read-more", "Read more about us"),
    Contact("olu-okafor", "Olu Okafor"),
)
ADA = Contact("ada-rook", "Ada Rook", "Owner", "ada@elm.example", "published")
HOMES = {
    "oak.example": "We manage homes.",
    "parked.example": "This domain is for sale",
    "elm.example": "Elm is permanently closed",
    "ash.example": "Ash manages homes.",
    "fir.example": "Fir manages homes.",
}


async def _discover(work: Work, tools: Any) -> Outcome:
    found = tuple(
        Found(Company(domain.partition(".")[0].title(), domain, f"https://{domain}"))
        for domain in HOMES
    )
    return Done(Records(found=found), {"cursor": None, "exhausted": True})


async def _research(work: Work, tools: Any) -> Outcome:
    assert work.company is not None
    body = f"<p>{HOMES[work.company.domain]}</p>".encode()
    page = Page(work.company.website, 200, "text/html", "utf-8", body, NOW)
    seen = tuple(evidence(name, "x") for name in ("company_name", "email"))
    return Done(Records(company=work.company, pages=(page,), evidence=seen))


async def _people(work: Work, tools: Any) -> Outcome:
    """Oak has one of each verdict, Ash only a name, Fir nobody who holds."""
    assert work.company is not None
    chosen = {"elm.example": (ADA,), "ash.example": PEOPLE[2:], "fir.example": PEOPLE[1:2]}
    people = chosen.get(work.company.domain, PEOPLE)
    facts = tuple(evidence("full_name", each.full_name, subject=each.key) for each in people)
    return Done(Records(contacts=people, evidence=facts))


def the_graph() -> Graph:
    """The real stages that judge, between others that find what the test says."""
    return Graph.of(
        [
            a_stage("intake", 0, nothing, unit="run"),
            a_stage("discovery", 3, _discover, ["intake"], unit="run", batches=True),
            a_stage("company_research", 4, _research, ["discovery"]),
            company_validation.STAGE,
            a_stage("contact_research", 6, _people, ["company_validation"]),
            contact_validation.STAGE,
            readiness.STAGE,
            a_stage("export", 9, nothing, ["readiness"], unit="run"),
        ]
    )


async def finished(engine: Engine, run: Run) -> Report:
    """The run, worked on until it is complete; its report."""
    tools = SimpleNamespace(judge=Judge.of(engine.database, SystemClock()))
    worker = engine.worker([stage.name for stage in engine.graph], tools)
    task = asyncio.create_task(worker.run())

    async def ended() -> Report | None:
        report = await load_report(engine.database, run.id)
        return report if report.progress.run.status == "completed" else None

    try:
        report: Report = await eventually(ended)
        return report
    finally:
        worker.stop()
        worker.stop()
        await asyncio.wait_for(task, 20)


async def carried(engine: Engine, **given: Any) -> Report:
    """A new run, worked on until it is complete; its report."""
    request = a_request(target_quantity=5, replay_dir="/nowhere", **given)
    return await finished(engine, await engine.orchestrator.create(request))


async def test_each_company_stands_where_its_checks_put_it(
    opened: Callable[[Graph], Awaitable[Engine]],  # noqa: F811
    database: Database,
) -> None:
    engine = await opened(the_graph())

    report = await carried(engine)

    rows = await database.fetch("SELECT domain, status, cause, verdict FROM companies ORDER BY id")
    assert [tuple(row.values()) for row in rows] == [
        ("oak.example", "ready", "", "valid"),
        ("parked.example", "rejected", "parked", "invalid"),
        ("elm.example", "review", "seems_closed", "review"),
        ("ash.example", "review", "contacts_in_review", "valid"),
        ("fir.example", "rejected", "too_few_valid_contacts", "valid"),
    ]
    assert report.statistics == {
        "company_validation": {"total": 5, "valid": 3, "invalid": 1, "review": 1},
        "contact_validation": {"total": 5, "valid": 1, "invalid": 2, "review": 2},
        "readiness": {"total": 1, "ready": 1, "not_ready": 0},
    }
    assert (report.delivered, report.contacts) == (1, 1)


async def test_reasons_are_stored_with_the_check_that_gave_them(
    opened: Callable[[Graph], Awaitable[Engine]],  # noqa: F811
    database: Database,
) -> None:
    await carried(await opened(the_graph()))

    person = await database.fetchrow(
        "SELECT verdict, email_verdict, reasons FROM contacts WHERE key = 'read-more' LIMIT 1"
    )
    checks = {(each["check"], each["verdict"]) for each in person["reasons"]}
    assert (person["verdict"], person["email_verdict"]) == ("invalid", "")
    assert ("person_name", "invalid") in checks


async def test_with_no_contacts_asked_for_a_company_without_any_that_hold_is_ready(
    opened: Callable[[Graph], Awaitable[Engine]],  # noqa: F811
) -> None:
    report = await carried(await opened(the_graph()), contacts_min=0)

    assert report.statistics["readiness"] == {"total": 3, "ready": 3, "not_ready": 0}
    assert report.contacts == 1
