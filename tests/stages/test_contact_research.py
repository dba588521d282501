"""Contact research and the country gate."""

from types import SimpleNamespace
from typing import Any

from app.extracting import Reader
from app.extractors import Site
from app.pipeline.outcomes import Done, Outcome, Skip
from app.pipeline.stage import Work
from app.records.company import Company
from app.records.reading import Reading
from tests.factories import NOW, a_run
from workers import contact_research

SITE = Site("haus.example")
BERLIN = Company("Haus GmbH", "haus.example", country="DE", id=1)


async def _handle(company: Company, **request: Any) -> Outcome:
    """What comes of a company whose pages name nobody."""

    async def nothing(*_: Any) -> tuple[()]:
        return ()

    async def unread(*_: Any) -> Reading:
        return Reading()

    tools: Any = SimpleNamespace(
        pages=nothing, reader=lambda *_: Reader((), SITE), reading=unread, now=lambda: NOW
    )
    work = Work(1, "contact_research", 1, a_run(**request), company)
    return await contact_research.handle(work, tools)


async def test_people_of_a_gated_country_are_not_looked_for_and_it_says_why() -> None:
    outcome = await _handle(BERLIN)

    assert isinstance(outcome, Skip)
    assert outcome.cause == "people_withheld"
    [absence] = outcome.records.absences
    assert (absence.kind, absence.detail) == ("withheld", outcome.reason)
    assert outcome.records.contacts == ()


async def test_a_company_that_needs_no_people_stays() -> None:
    outcome = await _handle(BERLIN, contacts_min=0)

    assert isinstance(outcome, Done)
    assert outcome.records.absences[0].kind == "withheld"


async def test_a_country_that_the_run_names_is_researched() -> None:
    outcome = await _handle(BERLIN, allow_countries=("DE",))

    assert isinstance(outcome, Skip)
    assert outcome.cause == "too_few_contacts"
