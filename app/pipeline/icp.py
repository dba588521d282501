"""ICP: how well a company fits the criteria, by the rules of `app.pipeline._icp_rules`.

    points      weight of the rule when met (keywords: the share that was found), else 0
    fit         no rule failed
    tier        points / weights of the rules that apply: A from 0.8, B from 0.5, else C
    confidence  of a fit: the facts' own confidences, weighted as above, an unknown fact being 0;
                of a rejection: that of the surest failed rule

Pure and deterministic: the same company, criteria and knowledge give the same result.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.pipeline._icp_rules import NOTHING_MORE, RULES, VERSION, Known, Rule, Verdict
from app.pipeline.outcomes import Skip
from app.records.company import Company
from app.records.criteria import Criteria
from app.records.evidence import Evidence

__all__ = [
    "RULES",
    "VERSION",
    "Icp",
    "Known",
    "Rule",
    "RuleResult",
    "confidences",
    "evidence_of",
    "judge",
    "mismatch",
]

TIER_A, TIER_B = 0.8, 0.5

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
    rules: Sequence[Rule] = RULES,
) -> Icp:
    """Fit, tier and confidence, with every rule that applied."""
    applied = tuple(_apply(company, criteria, known, rules))
    failed = [result for result in applied if result.verdict == "failed"]
    if failed:
        causes = tuple(dict.fromkeys(result.cause for result in failed))
        return Icp(False, "", max(result.confidence for result in failed), causes, applied)
    whole = sum(result.weight for result in applied) or 1
    share = sum(result.points for result in applied) / whole
    confidence = sum(result.confidence * result.weight for result in applied) / whole
    tier: Tier = "A" if share >= TIER_A else "B" if share >= TIER_B else "C"
    return Icp(True, tier, round(confidence, 2), (), applied)


def mismatch(
    company: Company,
    criteria: Criteria,
    known: Known = NOTHING_MORE,
    rules: Sequence[Rule] = RULES,
) -> Skip | None:
    """The first rule that rejects this company, as a Skip; None when none does.

    Causes: closed, excluded_domain, wrong_place, wrong_category, wrong_software,
    units_out_of_range, missing_keyword. Before research pass `Known(researched=False)`: software
    and keywords then reject nobody.
    """
    for rule in rules:
        found = rule.test(company, criteria, known) if rule.cause else None
        if found and found.verdict == "failed":
            return Skip(rule.cause, found.why)
    return None


def confidences(evidence: Iterable[Evidence]) -> dict[str, float]:
    """The best confidence per column of what is known about the company itself."""
    best: dict[str, float] = {}
    for fact in evidence:
        if not fact.subject:
            best[fact.field] = max(fact.confidence, best.get(fact.field, 0.0))
    return best


def evidence_of(icp: Icp, now: datetime) -> tuple[Evidence, ...]:
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
    return tuple(
        Evidence(name, value, f"rules:{VERSION}", quote, "rule", icp.confidence, VERSION, now)
        for name, value in values.items()
        if value
    )


def _apply(
    company: Company, criteria: Criteria, known: Known, rules: Sequence[Rule]
) -> Iterable[RuleResult]:
    for rule in rules:
        found = rule.test(company, criteria, known)
        if found:
            points = rule.weight * found.share if found.verdict == "met" else 0
            yield RuleResult(
                rule.id,
                rule.cause,
                found.verdict,
                round(points, 1),
                rule.weight,
                round(found.confidence, 2),
                found.why,
            )
