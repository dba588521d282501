"""ICP: how well a company fits the criteria, by the rules of a file (icp_rules.toml).

    points      weight of the rule when met (keywords: the share that was found), else 0
    fit         no rule that rejects has failed
    tier        points / weights of the rules that apply: A from tier_a, B from tier_b, else C
    confidence  of a fit: the facts' own confidences, weighted as above, an unknown fact being 0;
                of a rejection: that of the surest failed rule

A value without evidence is not known. Pure and deterministic: the same company, criteria and
knowledge give the same result.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from app.pipeline._icp_conditions import COLUMNS, Known, Verdict, value_of
from app.pipeline.icp_rules import Rules, parse_rules
from app.pipeline.outcomes import Skip
from app.records.company import Company
from app.records.criteria import Criteria
from app.records.evidence import Evidence

__all__ = ["Icp", "Known", "RuleResult", "confidences", "evidence_of", "judge", "mismatch"]

NOTHING_MORE = Known()

Tier = Literal["A", "B", "C", ""]


@dataclass(frozen=True, slots=True)
class RuleResult:
    """A rule that applied: `points` of `weight`."""

    rule: str
    cause: str
    verdict: Verdict
    points: float
    weight: int
    confidence: float
    why: str


@dataclass(frozen=True, slots=True)
class Icp:
    """The verdict on a company. `tier` is empty without a fit."""

    fit: bool
    tier: Tier
    confidence: float
    disqualifiers: tuple[str, ...]
    applied: tuple[RuleResult, ...]


def judge(
    company: Company,
    criteria: Criteria,
    known: Known = NOTHING_MORE,
    rules: Rules | None = None,
) -> Icp:
    """Fit, tier and confidence, with every rule that applied. Without `rules`: Sluice's own."""
    rules = rules or parse_rules()
    applied = tuple(_apply(company, criteria, known, rules))
    failed = [result for result in applied if result.verdict == "failed" and result.cause]
    if failed:
        causes = tuple(dict.fromkeys(result.cause for result in failed))
        return Icp(False, "", max(result.confidence for result in failed), causes, applied)
    whole = sum(result.weight for result in applied) or 1
    share = sum(result.points for result in applied) / whole
    confidence = sum(result.confidence * result.weight for result in applied) / whole
    tier: Tier = "A" if share >= rules.tier_a else "B" if share >= rules.tier_b else "C"
    return Icp(True, tier, round(confidence, 2), (), applied)


def mismatch(
    company: Company,
    criteria: Criteria,
    known: Known = NOTHING_MORE,
    rules: Rules | None = None,
) -> Skip | None:
    """The first rule that rejects this company, as a Skip; None when none does.

    Causes of Sluice's own rules: closed, excluded_domain, wrong_place, wrong_category,
    wrong_software, software_not_known, units_out_of_range, missing_keyword. Before research pass
    `Known(researched=False)`: software and keywords then reject nobody.
    """
    for result in _apply(company, criteria, known, rules or parse_rules(), rejecting=True):
        if result.verdict == "failed":
            return Skip(result.cause, result.why)
    return None


def confidences(evidence: Iterable[Evidence]) -> dict[str, float]:
    """The best confidence per column of what is known about the company itself."""
    best: dict[str, float] = {}
    for fact in evidence:
        if not fact.subject:
            best[fact.field] = max(fact.confidence, best.get(fact.field, 0.0))
    return best


def evidence_of(icp: Icp, rules: Rules, now: datetime) -> tuple[Evidence, ...]:
    """The verdict as evidence: the rules applied are the source, what each gave is the quote."""
    quote = "; ".join(
        f"{result.rule} {result.points:g}/{result.weight} {result.verdict}: {result.why}"
        for result in icp.applied
    )
    values = {
        "icp_fit": "true" if icp.fit else "false",
        "icp_tier": icp.tier,
        "icp_confidence": f"{icp.confidence:g}",
        "disqualifiers": "; ".join(icp.disqualifiers),
    }
    version = rules.version
    return tuple(
        Evidence(name, value, f"rules:{version}", quote, "rule", icp.confidence, version, now)
        for name, value in values.items()
        if value
    )


def _apply(
    company: Company, criteria: Criteria, known: Known, rules: Rules, *, rejecting: bool = False
) -> Iterable[RuleResult]:
    """What each rule says, one by one; `rejecting`: only the rules that reject."""
    shown = _evidenced(company, known)
    for rule in rules.rules:
        if (rejecting and not rule.rejects) or not rule.applies(criteria):
            continue
        found = rule.condition.test(rule.asked, shown, criteria, known)
        if found:
            points = rule.weight * found.share if found.verdict == "met" else 0
            yield RuleResult(
                rule.id,
                rule.rejects and (found.cause or rule.rejects),
                found.verdict,
                round(points, 1),
                rule.weight,
                round(found.confidence, 2),
                found.why,
            )


def _evidenced(company: Company, known: Known) -> Company:
    """The company without the values that no evidence speaks for."""
    if known.confidence is None:
        return company
    bare = COLUMNS - known.confidence.keys()
    lost = {column for column in bare if value_of(company, column) not in ("", None)}
    if not lost:
        return company
    names = {"company_name": "name"}
    blank = {names.get(column, column): "" for column in lost - {"units_estimate"}}
    units = None if "units_estimate" in lost else company.units_estimate
    return replace(company, units_estimate=units, **blank)  # type: ignore[arg-type]
