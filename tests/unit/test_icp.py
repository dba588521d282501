"""app/pipeline/icp.py"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pipeline.icp import (
    Icp,
    Known,
    confidences,
    evidence_of,
    judge,
    mismatch,
)
from app.pipeline.icp_rules import parse_rules
from app.records.company import Company
from app.records.criteria import Criteria
from app.records.evidence import Evidence

RULES = parse_rules()
SURE = dict.fromkeys(("website", "city", "state", "country", "category", "company_type"), 0.9)
NOW = datetime(2026, 1, 2, tzinfo=UTC)
ASKED = Criteria(category="property managers", state="Texas", city="Austin", pms="Buildium")
MATCH = Company(
    "Maple Gate",
    domain="maplegate.example",
    website="https://maplegate.example/",
    city="Austin",
    state="TX",
    country="US",
    category="property_management",
    pms_detected="Buildium",
    company_type="residential",
)


def test_a_company_that_is_all_that_was_asked_is_tier_a() -> None:
    icp = judge(MATCH, ASKED, Known(confidence={**SURE, "pms_detected": 0.95}))

    assert (icp.fit, icp.tier, icp.disqualifiers) == (True, "A", ())
    assert {result.rule for result in icp.applied if result.verdict == "met"} >= {
        "icp.place",
        "icp.category",
        "icp.software",
    }


def test_surer_facts_make_a_surer_fit() -> None:
    sure = judge(MATCH, ASKED, Known(confidence={**SURE, "pms_detected": 0.95}))
    unsure = judge(MATCH, ASKED, Known(confidence={**SURE, "pms_detected": 0.4}))

    assert sure.confidence > unsure.confidence
    assert sure.tier == unsure.tier


def test_a_fact_that_is_not_known_costs_points_and_confidence_and_rejects_nobody() -> None:
    known = judge(replace(MATCH, units_estimate=200), Criteria(units_min=100))
    unknown = judge(MATCH, Criteria(units_min=100))

    assert known.fit
    assert unknown.fit
    assert unknown.confidence < known.confidence
    assert unknown.tier > known.tier


def test_without_criteria_companies_are_ordered_by_what_is_known() -> None:
    known = replace(MATCH, units_estimate=10)
    bare = Company("Maple Gate")

    assert judge(known, Criteria()).tier == "A"
    assert judge(replace(known, units_estimate=None, pms_detected=""), Criteria()).tier == "B"
    assert judge(bare, Criteria()).tier == "C"


@pytest.mark.parametrize(
    ("changed", "asked", "known", "cause"),
    [
        ({}, {}, Known(closed=True), "closed"),
        ({}, {}, Known(text="Dear all, we have closed our doors."), "closed"),
        ({}, {"exclude_domains": "maplegate.example"}, Known(), "excluded_domain"),
        ({"website": "https://a.maplegate.example/"}, {"exclude_domains": "a.maplegate.example"},
         Known(), "excluded_domain"),
        ({}, {"country": "CA"}, Known(), "wrong_place"),
        ({"country": ""}, {"country": "CA"}, Known(), "wrong_place"),
        ({}, {"state": "Ohio"}, Known(), "wrong_place"),
        ({}, {"city": "Dallas"}, Known(), "wrong_place"),
        ({}, {"category": "law firm"}, Known(), "wrong_category"),
        ({}, {"pms": "AppFolio"}, Known(), "wrong_software"),
        ({"pms_detected": ""}, {"pms": "AppFolio"}, Known(), "wrong_software"),
        ({"pms_detected": "none"}, {"pms": "AppFolio"}, Known(), "wrong_software"),
        ({"pms_detected": ""}, {"pms": "AppFolio"}, Known(software=("Yardi",)), "wrong_software"),
        ({"units_estimate": 9}, {"units_min": 10}, Known(), "units_out_of_range"),
        ({"units_estimate": 9}, {"units_max": 8}, Known(), "units_out_of_range"),
        ({}, {"keywords": ["HOA"]}, Known(text="the whole hoax"), "missing_keyword"),
    ],
)  # fmt: skip
def test_a_company_that_differs_is_rejected_with_its_cause(
    changed: dict[str, Any], asked: dict[str, Any], known: Known, cause: str
) -> None:
    company, criteria = replace(MATCH, **changed), Criteria(**asked)

    skip = mismatch(company, criteria, known)
    icp = judge(company, criteria, known)

    assert skip is not None
    assert skip.cause == cause
    assert skip.reason
    assert (icp.fit, icp.tier, icp.disqualifiers) == (False, "", (cause,))
    assert icp.confidence > 0


@pytest.mark.parametrize(
    ("changed", "asked", "known"),
    [
        ({}, {}, Known()),
        ({}, {"exclude_domains": ["gate.example", "shop.maplegate.example"]}, Known()),
        ({"state": "", "country": "", "city": ""}, {"city": "Dallas", "state": "OH"}, Known()),
        ({"state": "Texas"}, {"state": "TX"}, Known()),
        ({"city": "AUSTIN "}, {"city": "austin"}, Known()),
        ({"category": ""}, {"category": "law firm"}, Known()),
        ({"category": "real_estate"}, {"category": "property_management"}, Known()),
        ({"pms_detected": "AppFolio; Buildium"}, {"pms": "Buildium"}, Known()),
        ({"pms_detected": ""}, {"pms": "Buildium"}, Known(researched=False)),
        ({"pms_detected": ""}, {"pms": "Buildium"}, Known(software=("AppFolio", "Buildium"))),
        ({}, {"keywords": ["HOA"]}, Known(researched=False)),
        ({}, {"keywords": ["single-family", "HOA"]}, Known(text="For HOAs in Austin")),
        ({}, {"keywords": ["single family home"]}, Known(text="Single-Family  Homes")),
        ({}, {}, Known(text="Another firm has closed its doors.")),
    ],
)  # fmt: skip
def test_a_company_that_may_fit_is_kept(
    changed: dict[str, Any], asked: dict[str, Any], known: Known
) -> None:
    assert mismatch(replace(MATCH, **changed), Criteria(**asked), known) is None


def test_every_missing_keyword_costs_its_share() -> None:
    criteria = Criteria(keywords=("HOA", "condo"))

    icp = judge(MATCH, criteria, Known(text="We manage condos."))

    points = {result.rule: (result.points, result.weight) for result in icp.applied}
    assert points["icp.keywords"] == (5, 10)


def test_all_disqualifiers_are_listed_in_the_order_of_the_rules() -> None:
    icp = judge(MATCH, Criteria(pms="AppFolio", city="Dallas", category="law_firm"))

    assert icp.disqualifiers == ("wrong_place", "wrong_category", "wrong_software")


def test_the_evidence_names_every_rule_and_what_it_gave() -> None:
    icp = judge(MATCH, ASKED)

    facts = {fact.field: fact for fact in evidence_of(icp, RULES, NOW)}

    assert set(facts) == {"icp_fit", "icp_tier", "icp_confidence"}
    assert facts["icp_fit"].value == "true"
    assert facts["icp_tier"].value == icp.tier
    assert facts["icp_fit"].method == "rule"
    assert facts["icp_fit"].seen_at == NOW
    assert all(result.rule in facts["icp_fit"].quote for result in icp.applied)
    assert "icp.software 25/25 met: runs Buildium" in facts["icp_fit"].quote


def test_a_rejection_has_evidence_for_its_disqualifiers_and_no_tier() -> None:
    facts = {
        f.field: f.value for f in evidence_of(judge(MATCH, Criteria(city="Dallas")), RULES, NOW)
    }

    assert facts["icp_fit"] == "false"
    assert facts["disqualifiers"] == "wrong_place"
    assert "icp_tier" not in facts


def test_confidences_take_the_best_evidence_of_the_company_itself() -> None:
    def fact(field: str, confidence: float, subject: str = "") -> Evidence:
        return Evidence(field, "x", "u", "q", "text", confidence, "r", NOW, subject)

    best = confidences([fact("a", 0.4), fact("a", 0.9), fact("a", 0.5), fact("b", 1.0, "someone")])

    assert best == {"a": 0.9}


def test_a_value_without_evidence_earns_nothing_and_rejects_nobody() -> None:
    """What the row holds and nothing proves is as good as not known."""
    sure = {**SURE, "pms_detected": 0.9}
    bare = {column: sure[column] for column in sure if column not in ("pms_detected", "city")}

    proved = judge(MATCH, ASKED, Known(confidence=sure))
    guessed = judge(MATCH, Criteria(category="property managers", city="Dallas"),
                    Known(confidence=bare))  # fmt: skip

    verdicts = {result.rule: result.verdict for result in guessed.applied}
    assert (verdicts["icp.place"], verdicts["icp.knows_software"]) == ("unknown", "unknown")
    assert guessed.fit
    assert guessed.confidence < proved.confidence


def test_one_page_is_too_little_to_say_that_a_firm_runs_no_software() -> None:
    skips = {
        pages: mismatch(
            replace(MATCH, pms_detected=""), Criteria(pms="Buildium"), Known(pages_read=pages)
        )
        for pages in (1, 2)
    }

    assert [skip and skip.cause for skip in skips.values()] == [
        "software_not_known",
        "wrong_software",
    ]


_WORD = st.sampled_from(["", "TX", "US", "Austin", "Buildium", "none", "property_management", "x"])
_COMPANIES = st.builds(
    Company,
    name=_WORD,
    domain=_WORD,
    website=_WORD,
    city=_WORD,
    state=_WORD,
    country=_WORD,
    category=_WORD,
    pms_detected=_WORD,
    company_type=_WORD,
    units_estimate=st.none() | st.integers(0, 50),
)
_CRITERIA = st.builds(
    Criteria,
    category=_WORD.filter(lambda word: word != "none"),
    pms=_WORD,
    city=_WORD,
    state=st.sampled_from(["", "TX", "CA"]),
    units_min=st.none() | st.integers(0, 25),
    units_max=st.none() | st.integers(25, 50),
    keywords=st.lists(st.sampled_from(["HOA", "condo"]), max_size=2),
)
_KNOWN = st.builds(Known, researched=st.booleans(), text=st.text(max_size=20))


@given(_COMPANIES, _CRITERIA, _KNOWN)
def test_a_verdict_is_whole_and_agrees_with_the_mismatch(
    company: Company, criteria: Criteria, known: Known
) -> None:
    icp: Icp = judge(company, criteria, known)
    skip = mismatch(company, criteria, known)

    assert icp == judge(company, criteria, known)
    assert icp.fit == (skip is None) == (not icp.disqualifiers) == bool(icp.tier)
    assert 0 <= icp.confidence <= 1
    assert all(0 <= result.points <= result.weight for result in icp.applied)
