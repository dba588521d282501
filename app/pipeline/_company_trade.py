"""What kind of firm a company is, from all its pages: category and company_type."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from app.pipeline._candidates import Candidate, candidates
from app.records.company import Company
from app.records.evidence import Evidence

LEAST = 0.4
MIXED_SHARE, CLEAR_SHARE = 0.75, 1.25
MIXABLE: Final = frozenset(
    ("association", "vacation_rental", "commercial", "residential", "multifamily")
)
HOMES, ASSOCIATIONS = "property_management", "homeowners_association_management"
OTHER_TRADES: Final = frozenset(
    (
        "law_firm",
        "dental_clinic",
        "software_company",
        "accounting_firm",
        "insurance_agency",
        "construction",
        "medical_clinic",
        "engineering_firm",
        "financial_advisor",
        "government",
    )
)
"""Categories of firms that speak of their clients' property software and use none."""

Decision = tuple[Company, list[Evidence]]


def category(company: Company, seen: Sequence[Evidence]) -> Decision:
    """The trade that pages speak of, if it is clear: a wrong one would reject the company. Of two
    that are near, the one that the firm's software implies, or the one that holds both."""
    if company.category:
        return company, []
    found = _said_or_implied(seen, "category")
    ranked = sorted(found, key=lambda c: -_weight(c))
    if not ranked:
        return company, []
    best = ranked[0]
    if len(ranked) > 1 and not _is_ahead(best, ranked[1], seen[0].source_url):
        implied = [one.value for one in seen if one.field == "category" and _is_implied(one)]
        near = [one for one in ranked[:2] if one.value in implied] or _of_both(ranked[:2])
        if len(near) != 1:
            return company, []
        best = near[0]
    return replace(company, category=best.value), [best.best]


def _of_both(ranked: Sequence[Candidate]) -> list[Candidate]:
    """Who manages homes and associations of owners is a property manager."""
    both = {one.value for one in ranked} == {HOMES, ASSOCIATIONS}
    return [one for one in ranked if both and one.value == HOMES]


def _is_implied(one: Evidence) -> bool:
    """Whether a fact only follows from the software that the firm uses."""
    return one.rule.startswith("software.")


def _said_or_implied(seen: Sequence[Evidence], field: str) -> list[Candidate]:
    """What pages say; only where they say nothing, what the firm's software implies."""
    said = [one for one in seen if not _is_implied(one)]
    found = [c for c in candidates(said, field) if c.score >= LEAST]
    return found or [c for c in candidates(seen, field) if c.score >= LEAST]


def _is_ahead(first: Candidate, second: Candidate, front: str) -> bool:
    """Whether pages speak clearly more of the first; where they are near, the front page decides
    if it says the same."""
    if _weight(first) >= CLEAR_SHARE * _weight(second):
        return True
    on_front = [
        max((e.confidence for e in one.evidence if e.source_url == front), default=0.0)
        for one in (first, second)
    ]
    return on_front[0] >= CLEAR_SHARE * on_front[1] and on_front[0] > 0


def company_type(company: Company, seen: Sequence[Evidence]) -> Decision:
    """The kind that most pages speak of; "mixed" where two kinds of managed property are near."""
    if company.company_type:
        return company, []
    found = _said_or_implied(seen, "company_type")
    ranked = sorted(found, key=lambda c: -_weight(c))
    if not ranked:
        return company, []
    first = ranked[0]
    near = [
        c
        for c in ranked[1:]
        if {c.value, first.value} <= MIXABLE and _weight(c) >= MIXED_SHARE * _weight(first)
    ]
    if not near:
        return replace(company, company_type=first.value), [first.best]
    both = replace(
        first.best,
        value="mixed",
        quote=f"{first.best.quote[:160]} | {near[0].best.quote[:160]}",
        method="rule",
        confidence=min(first.best.confidence, near[0].best.confidence),
        rule=f"trade.mixed.{first.value}+{near[0].value}",
    )
    return replace(company, company_type="mixed"), [both]


def _weight(candidate: Candidate) -> float:
    return sum(one.confidence for one in candidate.evidence)
