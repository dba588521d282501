"""Evidence -> the values of a company. One rule table, below; nothing else decides.

What the source says stays (a person or an open data set gave it), except an address or phone that
the site clearly contradicts: none of its pages shows the source's value, and another one stands in
structured data or on three pages. Empty fields are filled from the site. A value's score is

    its best confidence + 0.02 per further page (at most 5) + 0.03 per further method

and ties go to the stronger method, then to what was seen first. The parts of an address are taken
from one printed address, never mixed; only its country may stand elsewhere, and an address that
structured data alone knows comes after one that as many pages print.

A firm may have many phones and offices, but has one size and one main software. Where equally good
evidence gives two sizes, one more than twice the other, or two vendors, the field stays empty:
`conflicting`, with what was said. Between sources nothing conflicts: the order in which the person
named them decides (app/pipeline/sift.py).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from app.pipeline._candidates import Candidate, candidate_of, candidates, key_of
from app.pipeline._company_trade import OTHER_TRADES, category, company_type
from app.pipeline._firms_reach import firms_own
from app.pipeline.absence import of_research
from app.records._places import state_code, state_country
from app.records.company import Company
from app.records.evidence import Absence, AbsenceKind, Evidence
from app.records.reading import Reading

STRONG_SOFTWARE = 0.8
CLEAR_CONFIDENCE, CLEAR_PAGES = 0.9, 3
LEAST_DISQUALIFIER = 0.6
MOST_GROWTH = 2
"""Of two equally good counts of units the larger is the newer one, up to so many times."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How one field is decided: attribute of Company, least score, whether a clear site value
    replaces the source's."""

    attribute: str
    least: float
    replaces: bool = False


RULES: Final = MappingProxyType(
    {
        "company_name": Rule("name", 0.45),
        "phone": Rule("phone", 0.55, replaces=True),
        "description": Rule("description", 0.3),
        "units_estimate": Rule("units_estimate", 0.3),
        "pms_detected": Rule("pms_detected", 0.5),
        "address": Rule("city", 0.35, replaces=True),
    }
)
ADDRESS_PARTS: Final = ("street", "city", "state", "postcode", "country")
KEPT: Final = MappingProxyType(
    {
        "legal_name": 1,
        "email": 20,
        "phone": 10,
        "fax": 5,
        "founded": 1,
        "linkedin_url": 1,
        "software": 10,
    }
)

Decision = tuple[Company, list[Evidence]]


def resolve(
    company: Company, evidence: Sequence[Evidence], *, reading: Reading
) -> tuple[Company, tuple[Evidence, ...], tuple[Absence, ...]]:
    """The company with what is known of it, the evidence chosen (one per value), and why researched
    fields are empty, by how far the site was read. Facts without a column (KEPT) follow after the
    others.

    Evidence about people (subject not empty) is passed over. The same evidence in the same order
    gives the same result.
    """
    own = [one for one in evidence if not one.subject]
    seen = [one for one in own if one.method != "source"]
    chosen: list[Evidence] = []
    for field in ("company_name", "phone", "description"):
        company, found = _plain(company, field, own, seen)
        chosen += found
    for decide in (category, company_type, _units, _software):
        company, found = decide(company, seen)
        chosen += found
    company, found = _address(company, own, seen)
    chosen += found
    company, found = _disqualifiers(company, seen)
    chosen += found
    chosen += _kept(company, seen, chosen)
    evidenced = {one.field for one in (*chosen, *own) if one in chosen or one.method == "source"}
    absences = of_research(company, reading, evidenced, _unsettled(seen))
    return company, tuple(chosen), absences


def _kept(
    company: Company, seen: Sequence[Evidence], chosen: Sequence[Evidence]
) -> Iterable[Evidence]:
    """The best evidence for each value of the fields that Company has no column for."""
    have = {(one.field, one.value) for one in chosen}
    for field, most in KEPT.items():
        for candidate in firms_own(candidates(seen, field), field, company.domain)[:most]:
            if (field, candidate.value) not in have:
                yield candidate.best


def _is_clear(candidate: Candidate) -> bool:
    sure = candidate.best.confidence >= CLEAR_CONFIDENCE and candidate.best.method == "structured"
    return sure or (candidate.pages >= CLEAR_PAGES and candidate.score >= 0.75)


def _plain(
    company: Company, field: str, own: Sequence[Evidence], seen: Sequence[Evidence]
) -> Decision:
    """A field of one value."""
    rule = RULES[field]
    held = getattr(company, rule.attribute)
    ranked = firms_own(candidates(seen, field), field, company.domain)
    found = [one for one in ranked if one.score >= rule.least]
    if held and held != company.domain:  # what a source gives that knows the website alone
        agreeing = [one for one in own if one.field == field and key_of(one.value) == key_of(held)]
        if agreeing or not rule.replaces or not found or not _is_clear(found[0]):
            return company, agreeing[:1]
    if not found:
        return company, []
    return _with(company, {rule.attribute: found[0].value}), [found[0].best]


def _with(company: Company, values: Mapping[str, Any]) -> Company:
    """The company with these attributes."""
    return replace(company, **values)


def _units(company: Company, seen: Sequence[Evidence]) -> Decision:
    """The best-worded number; of equals the larger, since counts grow and old pages stay, unless
    they contradict each other."""
    if company.units_estimate is not None:
        return company, []
    found = _best_counts(seen)
    if not found or _contradict(found):
        return company, []
    best = found[-1]
    return replace(company, units_estimate=int(best.value)), [best.best]


def _best_counts(seen: Sequence[Evidence]) -> list[Candidate]:
    """The equally good numbers, the smallest first."""
    found = [
        one
        for one in candidates(seen, "units_estimate")
        if one.score >= RULES["units_estimate"].least and one.value.isdigit()
    ]
    best = max((one.score for one in found), default=0)
    return sorted((one for one in found if one.score == best), key=lambda one: int(one.value))


def _contradict(counts: Sequence[Candidate]) -> bool:
    return int(counts[-1].value) > MOST_GROWTH * int(counts[0].value)


def _software(company: Company, seen: Sequence[Evidence]) -> Decision:
    """The vendor with a customer's address on most pages; by text alone only if no other vendor is
    said to be in use, and the firm is not of a trade that serves such firms. Further vendors in
    use follow as `software`; so do all where addresses do not decide between them."""
    if company.pms_detected:
        return company, []
    strong, fair = _vendors(seen)
    if key_of(company.category).replace(" ", "_") in OTHER_TRADES:
        fair = strong
    best = _most_shown(strong) if strong else fair
    if len(best) != 1:
        return company, [replace(one.best, field="software") for one in fair if strong]
    further = [replace(one.best, field="software") for one in fair if one.value != best[0].value]
    return replace(company, pms_detected=best[0].value), [best[0].best, *further]


def _most_shown(vendors: Sequence[Candidate]) -> list[Candidate]:
    """Those of the most pages and, of these, of the best score: one, unless they are equals."""
    best = max((one.pages, one.score) for one in vendors)
    return [one for one in vendors if (one.pages, one.score) == best]


def _vendors(seen: Sequence[Evidence]) -> tuple[list[Candidate], list[Candidate]]:
    """Vendors by address, and vendors that text says are in use."""
    found = candidates(seen, "pms_detected")
    strong = [
        _only(one, STRONG_SOFTWARE) for one in found if one.best.confidence >= STRONG_SOFTWARE
    ]
    return strong, [one for one in found if one.best.confidence >= RULES["pms_detected"].least]


def _only(candidate: Candidate, least: float) -> Candidate:
    kept = tuple(one for one in candidate.evidence if one.confidence >= least)
    return replace(candidate, evidence=kept)


def _address(company: Company, own: Sequence[Evidence], seen: Sequence[Evidence]) -> Decision:
    """One printed address that agrees with what the source says; where the source says nothing,
    or the site clearly contradicts it, the best one."""
    printed = _printed_addresses(seen)
    if not printed:
        return company, _agreeing(company, own)
    agreeing = [one for one in printed if _fits(company, one)]
    best = agreeing[0] if agreeing else printed[0]
    if not agreeing and not _contradicts(company, printed):
        return company, _agreeing(company, own)
    if best[0].score < RULES["address"].least:
        return company, _agreeing(company, own)
    parts = {one.field: one for one in best[1]}
    if agreeing:
        parts = {field: one for field, one in parts.items() if not getattr(company, field)}
        values = {field: one.value for field, one in parts.items()}
    else:
        values = {field: parts[field].value if field in parts else "" for field in ADDRESS_PARTS}
    changed = _with(company, values)
    kept = [one for one in _agreeing(changed, own) if one.field not in parts]
    order = {field: number for number, field in enumerate(ADDRESS_PARTS)}
    return changed, sorted([*parts.values(), *kept], key=lambda one: order[one.field])


Printed = tuple[Candidate, tuple[Evidence, ...]]


def _printed_addresses(seen: Sequence[Evidence]) -> list[Printed]:
    """Addresses as they stand on pages, best first: the candidate made of all evidence for it, and
    its parts from the best place.

    The parts of one address share page, rule and quote. Two addresses are one when their street,
    or without street their city and state, are the same; a county need not be printed.
    """
    blocks: dict[tuple[str, str, str], list[Evidence]] = {}
    for one in seen:
        if one.field in ADDRESS_PARTS:
            blocks.setdefault((one.source_url, one.rule, one.quote), []).append(one)
    same: dict[str, list[tuple[int, tuple[Evidence, ...]]]] = {}
    for number, block in enumerate(blocks.values()):
        parts = {one.field: one.value for one in block}
        state = parts.get("state", "")
        place = (parts.get("city", ""), "" if _is_county(state) else state)
        key = key_of(f"{parts.get('street') or ''} {' '.join(place)}")
        same.setdefault(key, []).append((number, tuple(block)))
    found: list[Printed] = []
    for group in same.values():
        best = max(group, key=lambda pair: (pair[1][0].confidence, len(pair[1]), -pair[0]))
        every = [(number, block[0]) for number, block in group]
        found.append((candidate_of(every), _with_country(best[1], group)))
    left = {id(one) for one in found if _is_left_behind(one, found)}
    return sorted(
        found, key=lambda one: (id(one) in left, -one[0].score, -len(one[1]), one[0].first)
    )


def _with_country(
    parts: tuple[Evidence, ...], group: Sequence[tuple[int, tuple[Evidence, ...]]]
) -> tuple[Evidence, ...]:
    """The parts with the country that another place tells for the same address."""
    if any(one.field == "country" for one in parts):
        return parts
    told = (one for _, block in group for one in block if one.field == "country")
    return (*parts, *([country] if (country := next(told, None)) else []))


def _is_left_behind(one: Printed, found: Sequence[Printed]) -> bool:
    """Whether only structured data knows this address, and as many pages print another, three of
    them at least: few look at structured data again when the firm moves."""
    candidate, parts = one
    if any(fact.method != "structured" for fact in candidate.evidence):
        return False
    shown = [other for other in found if other[0].best.method == "text" and _number(other[1])]
    if any(_number(other[1]) == _number(parts) for other in shown):
        return False
    return any(
        other.pages >= max(CLEAR_PAGES, candidate.pages) and other.best.confidence >= 0.8
        for other, _ in shown
    )


def _number(parts: Sequence[Evidence]) -> str:
    """The first number of a street."""
    street = next((one.value for one in parts if one.field == "street"), "")
    found = re.search(r"\d+", street)
    return found[0] if found else ""


def _fits(company: Company, printed: Printed) -> bool:
    """Whether no part of a printed address differs from what the company has."""
    return all(
        key_of(one.value) == key_of(held)
        for one in printed[1]
        if (held := getattr(company, one.field))
        and one.field != "street"
        and not (one.field == "state" and _is_county(one.value))
    )


def _is_county(state: str) -> bool:
    """Whether that is a county, which other places leave out or replace by a wider region."""
    return not state_country(state_code(state))


def _contradicts(company: Company, printed: Sequence[Printed]) -> bool:
    """Whether the site clearly gives an address in another place than the source."""
    if not any(getattr(company, field) for field in ADDRESS_PARTS):
        return True
    places = {
        key_of(one.value) for _, parts in printed for one in parts if one.field in ("city", "state")
    }
    held = {key_of(getattr(company, field)) for field in ("city", "state")} - {""}
    best = printed[0]
    return bool(held) and not held & places and len(best[1]) >= 3 and _is_clear(best[0])


def _agreeing(company: Company, own: Sequence[Evidence]) -> list[Evidence]:
    """For each address part that is kept, the first evidence that agrees with it."""
    found: list[Evidence] = []
    for field in ADDRESS_PARTS:
        held = key_of(getattr(company, field)) if getattr(company, field) else None
        found += [one for one in own if one.field == field and key_of(one.value) == held][:1]
    return found


def _disqualifiers(company: Company, seen: Sequence[Evidence]) -> Decision:
    found = [one for one in candidates(seen, "disqualifiers") if one.score >= LEAST_DISQUALIFIER]
    new = [one for one in found if one.value not in company.disqualifiers]
    values = (*company.disqualifiers, *(one.value for one in new))
    return replace(company, disqualifiers=values), [one.best for one in new]


def _unsettled(seen: Sequence[Evidence]) -> dict[str, tuple[AbsenceKind, str]]:
    """What pages say of software and units that was not enough to decide."""
    said: dict[str, tuple[AbsenceKind, str]] = {}
    strong, fair = _vendors(seen)
    rivals = _most_shown(strong) if strong else fair
    if len(rivals) > 1:
        how = "pages lead to portals of several" if strong else "text names several as in use"
        said["pms_detected"] = ("conflicting", f"{how} (pages): {_listed(rivals)}")
    elif named := ", ".join(one.value for one in candidates(seen, "pms_detected")):
        said["pms_detected"] = ("not_found", f"; named in passing: {named}")
    counts = _best_counts(seen)
    if counts and _contradict(counts):
        detail = f"equally good pages give other numbers (pages): {_listed(counts)}"
        said["units_estimate"] = ("conflicting", detail)
    return said


def _listed(rivals: Sequence[Candidate]) -> str:
    return ", ".join(f"{one.value} ({one.pages})" for one in rivals)
