"""Company research: what becomes of a site that brings no page."""

from types import SimpleNamespace
from typing import Any

import pytest

from app.crawl.crawl import Crawl
from app.crawl.limits import Limits
from app.errors import BadResponse, Refused, RequestError, Unreachable
from app.extracting import Reader
from app.pipeline.outcomes import Fail, Outcome, Skip
from app.pipeline.stage import Work
from app.records.company import Company
from app.records.reading import Reading
from tests.factories import NOW, a_run
from workers import company_research

FIRM = Company("Firm", "firm.example", "https://firm.example", id=1)


async def _handle(error: RequestError) -> Outcome:
    async def crawl(*_: Any) -> tuple[Crawl, Reading]:
        crawled = Crawl(error=error)
        return crawled, crawled.reading("https://firm.example", Limits(), "", NOW)

    async def nothing(*_: Any) -> tuple[()]:
        return ()

    tools: Any = SimpleNamespace(
        crawl=crawl, evidence=nothing, reader=lambda site, _: Reader((), site)
    )
    return await company_research.handle(Work(1, "company_research", 1, a_run(), FIRM), tools)


async def test_a_temporary_failure_is_tried_again_when_the_site_says() -> None:
    outcome = await _handle(Unreachable("rate_limited", "firm.example answered 429", 120.0))

    assert isinstance(outcome, Fail)
    assert (outcome.cause, outcome.temporary, outcome.retry_after) == ("rate_limited", True, 120.0)
    assert {each.kind for each in outcome.records.absences} == {"failed"}
    assert all("firm.example answered 429" in each.detail for each in outcome.records.absences)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (BadResponse("not_found", "answered 404"), "failed"),
        (Refused("robots", "robots.txt does not allow it"), "blocked"),
        (Refused("private_address", "10.0.0.1 is private"), "blocked"),
    ],
)
async def test_a_final_one_is_not(error: RequestError, kind: str) -> None:
    outcome = await _handle(error)

    assert isinstance(outcome, Skip)
    assert outcome.cause == error.cause
    assert {each.kind for each in outcome.records.absences} == {kind}
