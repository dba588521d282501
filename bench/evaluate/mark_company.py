"""Marks for what the records say of a company."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from types import MappingProxyType
from typing import Final

from app.records.criteria import folded
from bench.evaluate.compare import SAME, same_email, same_phone, same_text
from bench.evaluate.labels import Software
from bench.evaluate.marks import TRAP, Mark, Marker, Value, value_of
from bench.evaluate.research import Findings

LEAST_SOFTWARE = 0.5

COLUMNS: Final = MappingProxyType(
    {
        "company_name": ("name", "company_name"),
        "category": ("category", "category"),
        "company_type": ("company_type", "company_type"),
        "street": ("street", "street"),
        "city": ("city", "city"),
        "state": ("state", "state"),
        "postcode": ("postcode", "postcode"),
        "country": ("country", "country"),
        "founded": ("", "founded"),
        "company_linkedin": ("", "linkedin_url"),
        "units": ("units_estimate", "units_estimate"),
    }
)
"""Field -> the attribute of Company and the field of evidence that hold it."""

DERIVED: Final = frozenset(("category", "company_type"))
"""No page prints these words."""

_REACH: Final = MappingProxyType({"robots": "blocked", "no_such_host": "no_host"})

Same = Callable[[str, str], bool]


def mark_company(marker: Marker) -> Iterator[Mark]:
    """Every mark but those about people."""
    judged = marker.truth.judged
    if "reach" in judged:
        yield from _reach(marker)
    for field in COLUMNS:
        yield from _single(marker, field)
    if "email" in judged:
        yield from _emails(marker)
    if "phone" in judged:
        yield from _phones(marker)
    if "fax" in judged:
        yield from _fax(marker)
    if "software" in judged:
        yield from _software(marker)


def _reach(marker: Marker) -> Iterator[Mark]:
    truth, cause = marker.truth, marker.findings.reach
    word = Value(_REACH.get(cause, cause), rule="crawl")
    if word.text == truth.reach:
        yield marker.right("reach", word, truth.reach)
    else:
        yield marker.wrong("reach", word, truth.reach)
    for page in sorted(truth.blocked & marker.findings.read):
        yield marker.wrong("reach", Value(page, page, "crawl"), why="a blocked page was read")


def _single(marker: Marker, field: str) -> Iterator[Mark]:
    """A field of one value: right, wrong in the label's place, wrong, or missed."""
    value = _held(marker.findings, field)
    if field not in marker.truth.single:
        if value and marker.findings.reach == "ok" and "reach" in marker.truth.judged:
            yield marker.open(field, value, "no label")
        return
    labels = marker.truth.single[field]
    same = SAME.get(field, same_text)
    if value is None:
        why = "no value" if field in DERIVED else ""
        yield from [marker.missed(field, labels[0], why=why)] if labels else []
    elif label := next((one for one in labels if same(value.text, one)), ""):
        yield marker.right(field, value, label)
    else:
        yield marker.wrong(field, value, labels[0] if labels else "")


def _held(findings: Findings, field: str) -> Value | None:
    """The record's value, with the evidence that was kept for it."""
    attribute, kind = COLUMNS[field]
    facts = [one for one in findings.facts if one.field == kind]
    if not attribute:
        return value_of(facts[0]) if facts else None
    held = getattr(findings.company, attribute)
    if held in ("", None):
        return None
    agreeing = (one for one in facts if folded(one.value) == folded(str(held)))
    return next(map(value_of, agreeing), Value(str(held)))


def _facts(findings: Findings, field: str) -> list[Value]:
    return [value_of(one) for one in findings.facts if one.field == field]


def _emails(marker: Marker) -> Iterator[Mark]:
    truth = marker.truth
    found = _facts(marker.findings, "email")
    neutral = (*truth.emails_ok, *(one.email for one in truth.people))
    traps = tuple(one for one in truth.not_contacts if "@" in one)
    yield from _set(marker, "email", found, truth.emails, neutral, same_email, {TRAP: traps})


def _phones(marker: Marker) -> Iterator[Mark]:
    truth = marker.truth
    found = _facts(marker.findings, "phone")
    held = marker.findings.company.phone
    if held and not any(one.text == held for one in found):
        found.append(Value(held))
    neutral = (*truth.phones_ok, *(one.phone for one in truth.people))
    errors = {
        TRAP: tuple(one for one in truth.not_contacts if one.startswith("+")),
        "a fax number": (*truth.fax, *truth.fax_ok),
    }
    yield from _set(marker, "phone", found, truth.phones, neutral, same_phone, errors)


def _fax(marker: Marker) -> Iterator[Mark]:
    truth = marker.truth
    errors = {"a phone number": truth.phones}
    found = _facts(marker.findings, "fax")
    yield from _set(marker, "fax", found, truth.fax, truth.fax_ok, same_phone, errors)


def _set(
    marker: Marker,
    field: str,
    found: Sequence[Value],
    wanted: Sequence[str],
    neutral: Iterable[str],
    same: Same,
    errors: dict[str, tuple[str, ...]],
) -> Iterator[Mark]:
    """A field of many values. `neutral` ones do not count; `errors`: why -> values known wrong."""
    left = list(wanted)
    passed = [one for one in (*wanted, *neutral) if one]
    for value in found:
        label = next((one for one in left if same(value.text, one)), "")
        if label:
            left.remove(label)
            yield marker.right(field, value, label)
        elif not any(same(value.text, one) for one in passed):
            known = (why for why, ones in errors.items() if any(same(value.text, o) for o in ones))
            why = next(known, "")
            yield marker.wrong(field, value, why=why) if why else marker.unlabelled(field, value)
    for label in left:
        yield marker.missed(field, label)


def _software(marker: Marker) -> Iterator[Mark]:
    """The vendor in pms_detected and those stated with some confidence, of whatever kind."""
    truth, findings = marker.truth, marker.findings
    labels = {_vendor(one.vendor): one for one in truth.software}
    known = {_vendor(name): _vendor(one.vendor) for one in truth.software for name in one.aliases}
    traps = {_vendor(one) for one in truth.software_not}
    found = _vendors(findings, known)
    for vendor, value in found.items():
        label = labels.get(vendor)
        if label and label.certainty != "weak":
            yield marker.right("software", value, label.vendor)
        elif vendor in traps:
            yield marker.wrong("software", value, why=TRAP)
        elif not label:
            yield marker.unlabelled("software", value)
    for vendor, label in labels.items():
        if vendor not in found and label.certainty != "weak":
            yield _missed_vendor(marker, label)
    sprung = {one for one in truth.software_not if _vendor(one) in found}
    yield from marker.traps("software_traps", truth.software_not, sprung)


def _missed_vendor(marker: Marker, label: Software) -> Mark:
    held = marker.findings.company.pms_detected
    why = f"{label.certainty}; the one column holds {held}" if held else label.certainty
    return marker.missed("software", label.vendor, label.page, why)


def _vendors(findings: Findings, known: dict[str, str]) -> dict[str, Value]:
    """Vendor -> the value stated, pms_detected first. `known`: another name -> its vendor."""
    held = findings.company.pms_detected
    facts = [*_facts(findings, "pms_detected"), *_facts(findings, "software")]
    sure = [one for one in facts if (one.confidence or 0) >= LEAST_SOFTWARE or one.text == held]
    if held and not any(one.text == held for one in sure):
        sure.insert(0, Value(held))
    found: dict[str, Value] = {}
    for one in sure:
        name = _vendor(one.text)
        found.setdefault(known.get(name, name), one)
    return found


def _vendor(name: str) -> str:
    return folded(name).replace(" ", "")
