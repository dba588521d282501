"""Why a field is empty, in one of six words; each empty field of a file has exactly one.

not_looked    nobody looked: no website, rejected before, too few pages to tell
not_found     looked, and it is not there
blocked       the site or its robots.txt forbids the page that would say it
failed        the page that would say it could not be read this time
conflicting   equally good evidence says different things (app/pipeline/company_record.py)
withheld      known, and not given out (suppression list, country gate)

A page that could not be read counts for the fields that such a page may say: a team page for those
of people, any page that promises something for those of the company.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Final

from app.records.company import Company
from app.records.evidence import Absence, AbsenceKind
from app.records.reading import Missed, Reading

LISTED: Final = ("company_name", "domain", "website", "discovery_source")
RESEARCHED: Final = ("state", "pms_detected", "units_estimate", "company_type", "description")
JUDGED: Final = ("icp_fit", "icp_tier", "icp_confidence", "disqualifiers")

ENOUGH_PAGES = 2
"""So many pages must be read before "no software" says anything."""
_PERSON_PROMISE, _COMPANY_PROMISE = 85, 45
_EMPTY: Final[tuple[object, ...]] = ("", None, ())
_SHOWN = 3


def unread(company: Company, kind: AbsenceKind, detail: str) -> tuple[Absence, ...]:
    """Of a company whose site gave nothing: every exported field that is empty, and its people."""
    fields = [field for field in (*LISTED, *RESEARCHED, *JUDGED) if _is_empty(company, field)]
    return tuple(Absence(field, kind, detail) for field in (*fields, "full_name"))


def of_research(
    company: Company,
    reading: Reading,
    evidenced: Collection[str],
    particular: Mapping[str, tuple[AbsenceKind, str]],
) -> tuple[Absence, ...]:
    """The researched fields that stay empty: no value, or one without evidence. `particular`: what
    is known of single fields; with "not_found" its words are added to ours."""
    found: list[Absence] = []
    for field in RESEARCHED:
        if not _is_empty(company, field):
            if field not in evidenced:
                detail = "a value without evidence is left out"
                found.append(Absence(field, "not_found", detail))
            continue
        kind, words = particular.get(field, ("not_found", ""))
        absence = not_on_pages(field, reading)
        if kind == "not_found":
            found.append(replace(absence, detail=absence.detail + words))
        else:
            found.append(Absence(field, kind, words))
    return tuple(found)


def of_judgement(company: Company) -> tuple[Absence, ...]:
    """The fields of the score that stay empty in a company that was judged."""
    detail = {"icp_tier": "it does not fit", "disqualifiers": "no rule rejects it"}
    return tuple(
        Absence(field, "not_found", detail.get(field, "no rule says it"))
        for field in (*LISTED, *JUDGED)
        if _is_empty(company, field)
    )


def not_on_pages(field: str, reading: Reading, subject: str = "", what: str = "") -> Absence:
    """Why a value that pages may say is missing. `what`: what no page says, for a person."""
    least = _COMPANY_PROMISE if field in RESEARCHED else _PERSON_PROMISE
    missed = [each for each in reading.missed if each.promise >= least]
    if not reading.pages:
        kind: AbsenceKind = "blocked" if reading.kind == "blocked" else "failed"
        kind = kind if reading.cause else "not_looked"
        return Absence(field, kind, reading.detail or "no page was read", subject)
    worse: tuple[tuple[AbsenceKind, str], ...] = (
        ("failed", "could not be read"),
        ("blocked", "may not be read"),
    )
    for kind, said in worse:
        if lost := [each for each in missed if each.kind == kind]:
            return Absence(field, kind, f"{_named(lost)} {said}", subject)
    if reading.cause:
        return Absence(field, "failed", f"the reading ended early: {reading.detail}", subject)
    if field == "pms_detected" and reading.pages < ENOUGH_PAGES:
        return Absence(field, "not_looked", "one page is too little to tell", subject)
    what = what or "not on"
    return Absence(field, "not_found", f"{what} the {_pages(reading.pages)} read", subject)


def _named(missed: Iterable[Missed]) -> str:
    listed = [f"{each.url[:200]} ({each.cause})" for each in missed]
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return ", ".join(listed[:_SHOWN]) + more


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count} pages"


def _is_empty(company: Company, field: str) -> bool:
    return getattr(company, "name" if field == "company_name" else field) in _EMPTY
