"""app/pipeline/absence.py: why a field is empty."""

from dataclasses import replace

import pytest

from app.pipeline.absence import JUDGED, LISTED, RESEARCHED, not_on_pages, of_research, unread
from app.records.company import Company
from app.records.reading import Missed, Reading

READ = Reading(pages=7)
TEAM = Missed("https://a.example/team", "timeout", "failed", 100)
PORTAL = Missed("https://a.example/tenants", "robots", "blocked", 60)
POLICY = Missed("https://a.example/privacy", "timeout", "failed", 0)
GONE = Missed("https://a.example/about", "not_found", "nothing", 90)
COMPANY = Company("Maple Gate", domain="a.example", website="https://a.example/")


@pytest.mark.parametrize(
    ("field", "reading", "kind", "detail"),
    [
        ("title", READ, "not_found", "not on the 7 pages read"),
        ("title", replace(READ, missed=(TEAM,)), "failed", "https://a.example/team (timeout)"),
        ("units_estimate", replace(READ, missed=(TEAM,)), "failed", "could not be read"),
        ("pms_detected", replace(READ, missed=(PORTAL,)), "blocked", "may not be read"),
        ("title", replace(READ, missed=(PORTAL,)), "not_found", "7 pages"),
        ("pms_detected", replace(READ, missed=(PORTAL, TEAM)), "failed", "/team"),
        ("state", replace(READ, missed=(POLICY, GONE)), "not_found", "7 pages"),
        ("state", replace(READ, cause="timeout", detail="too slow"), "failed", "ended early: too"),
        ("pms_detected", Reading(pages=1), "not_looked", "one page is too little"),
        ("pms_detected", Reading(pages=2), "not_found", "not on the 2 pages read"),
        ("state", Reading(pages=1), "not_found", "not on the 1 page read"),
        ("state", Reading(cause="dns", detail="no answer", kind="failed"), "failed", "no answer"),
        ("state", Reading(cause="robots", detail="r", kind="blocked"), "blocked", "r"),
        ("state", Reading(), "not_looked", "no page was read"),
    ],
)
def test_an_outage_never_reads_as_has_none(
    field: str, reading: Reading, kind: str, detail: str
) -> None:
    """A page that could not be read counts where such a page would have said it."""
    absence = not_on_pages(field, reading)

    assert absence.kind == kind
    assert detail in absence.detail


def test_a_company_whose_site_gave_nothing_has_the_reason_in_every_empty_field() -> None:
    gaps = unread(replace(COMPANY, state="TX"), "blocked", "robots.txt does not allow it")

    fields = {*LISTED, *RESEARCHED, *JUDGED, "full_name"}
    held = {"company_name", "domain", "website", "state"}
    assert [gap.field for gap in gaps if gap.kind == "blocked"] == [gap.field for gap in gaps]
    assert {gap.field for gap in gaps} == fields - held


def test_a_value_without_evidence_is_as_good_as_none() -> None:
    gaps = of_research(replace(COMPANY, state="TX", units_estimate=5), READ, {"state"}, {})

    assert {gap.field for gap in gaps} == set(RESEARCHED) - {"state"}
