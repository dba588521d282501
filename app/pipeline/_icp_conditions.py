"""What a rule of the ICP may ask: the conditions that its file names, each one function.

A condition gives None where it does not apply. It sees only values that have evidence.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

from app.records.company import Company
from app.records.criteria import Criteria, category_fits, folded, state_code, state_country

UNSTATED = 0.5
"""Confidence of a value in a source's own row, and of "looked, found none"."""
SAID = 0.8
"""Confidence of words that stand on a page."""
MAX_TEXT = 200_000
ENOUGH_PAGES = 2
"""So many pages must be read before not finding software says anything."""
PAGES = "pages"

Verdict = Literal["met", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the company's row.

    `researched`: its site was read. `pages_read`: so far. `text`: the visible words of its pages.
    `confidence`: of each column, from its evidence (`confidences`); a value without an entry does
    not count. None: the row itself is the evidence, as in a source. `closed`: a source says that it
    is out of business. `software`: what it uses where no main software could be told.
    """

    researched: bool = True
    text: str = ""
    confidence: Mapping[str, float] | None = None
    closed: bool = False
    pages_read: int = ENOUGH_PAGES
    software: tuple[str, ...] = ()

    def sure(self, *columns: str) -> float:
        """The confidence of what rests on these columns: that of the weakest."""
        if self.confidence is None:
            return UNSTATED
        return min(self.confidence.get(column, 0.0) for column in columns)


@dataclass(frozen=True, slots=True)
class Asked:
    """What one rule gives its condition: `needs` are the columns to look at."""

    needs: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    number: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says: `share` of its points (0 to 1), and why, for a person. `cause` is a
    better word than the rule's own for why it rejects."""

    verdict: Verdict
    why: str
    confidence: float = 0.0
    share: float = 1.0
    cause: str = ""


Test = Callable[[Asked, Company, Criteria, Known], Finding | None]


@dataclass(frozen=True, slots=True)
class Condition:
    """One word of the file: what it may need, and which argument it takes ("values", "number")."""

    test: Test
    needs: frozenset[str]
    argument: str = ""


def value_of(company: Company, column: str) -> Any:
    """The value in the words of the files, where a company has a name."""
    return getattr(company, "name" if column == "company_name" else column)


_CLOSED = re.compile(
    r"\bwe (?:have|are)(?: now)? (?:permanently closed|ceased (?:all )?operations"
    r"|closed our doors)\b"
    r"|\bthis (?:business|company|office) (?:has|is)(?: now)? permanently closed\b",
    re.IGNORECASE,
)


def _in_business(_asked: Asked, _company: Company, _: Criteria, known: Known) -> Finding | None:
    said = _CLOSED.search(known.text[:MAX_TEXT])
    if known.closed or said:
        return Finding("failed", f"closed: {said[0] if said else 'its source says so'}", SAID)
    return None


def _not_excluded(asked: Asked, company: Company, criteria: Criteria, _: Known) -> Finding | None:
    if not criteria.exclude_domains:
        return None
    host = company.website.partition("://")[2].partition("/")[0].partition(":")[0]
    names = [name for name, column in ((company.domain, "domain"), (host, "website"))
             if column in asked.needs]  # fmt: skip
    for excluded in criteria.exclude_domains:
        if any(f".{name}".endswith(f".{excluded}") for name in names):
            return Finding("failed", f"{excluded} is excluded", 1.0)
    return Finding("met", "not an excluded domain", 1.0)


def _in_place(asked: Asked, company: Company, criteria: Criteria, known: Known) -> Finding | None:
    """Country, state and city, as far as they are asked; the first that differs decides."""
    country = company.country or state_country(company.state)
    wanted = criteria.country or state_country(criteria.state)
    parts = [
        ("country", country, wanted, "country" if company.country else "state"),
        ("state", state_code(company.state, country), criteria.state, "state"),
        ("city", company.city, criteria.city, "city"),
    ]
    parts = [part for part in parts if part[2] and part[0] in asked.needs]
    if not parts:
        return None
    for name, has, want, rests_on in parts:
        if has and has != want and folded(has) != folded(want):
            return Finding("failed", f"{name} is {has}, not {want}", known.sure(rests_on))
    missing = [name for name, has, *_ in parts if not has]
    if missing:
        return Finding("unknown", f"{missing[0]} not known")
    where = ", ".join(has for _, has, *_ in reversed(parts))
    return Finding("met", f"in {where}", known.sure(*(part[3] for part in parts)))


def _of_category(_: Asked, company: Company, criteria: Criteria, known: Known) -> Finding | None:
    if not criteria.category:
        return None
    fits = category_fits(company.category, criteria.category)
    if fits is None:
        return Finding("unknown", f"category {company.category or 'not known'}")
    why = company.category if fits else f"category is {company.category}, not {criteria.category}"
    return Finding("met" if fits else "failed", why, known.sure("category"))


def _runs_software(_: Asked, company: Company, criteria: Criteria, known: Known) -> Finding | None:
    """Once a site was read, not finding software there is a "no"."""
    if not criteria.pms:
        return None
    names = _software(company)
    if not names and criteria.pms.casefold() in {name.casefold() for name in known.software}:
        return Finding("met", f"runs {', '.join(known.software)}", UNSTATED)
    if not names and not known.researched and not company.pms_detected:
        return Finding("unknown", "software not known")
    if not names and known.pages_read < ENOUGH_PAGES:
        why = f"only {known.pages_read} page could be read, too little to tell its software"
        return Finding("failed", why, UNSTATED, cause="software_not_known")
    if not names:
        return Finding("failed", f"no software found, {criteria.pms} was asked", UNSTATED)
    sure = known.sure("pms_detected")
    if criteria.pms.casefold() in {name.casefold() for name in names}:
        return Finding("met", f"runs {criteria.pms}", sure)
    return Finding("failed", f"runs {', '.join(names)}, not {criteria.pms}", sure)


def _software(company: Company) -> list[str]:
    """The vendors detected; "none" (looked, found none) is no vendor."""
    names = (name.strip() for name in company.pms_detected.split(";"))
    return [name for name in names if name.casefold() not in ("", "none")]


def _units_in_range(_: Asked, company: Company, criteria: Criteria, known: Known) -> Finding | None:
    low, high, units = criteria.units_min, criteria.units_max, company.units_estimate
    if low is None and high is None:
        return None
    if units is None:
        return Finding("unknown", "units not known")
    sure = known.sure("units_estimate")
    if low is not None and units < low:
        return Finding("failed", f"{units} units, fewer than {low}", sure)
    if high is not None and units > high:
        return Finding("failed", f"{units} units, more than {high}", sure)
    return Finding("met", f"{units} units", sure)


def _says_keyword(
    asked: Asked, company: Company, criteria: Criteria, known: Known
) -> Finding | None:
    if not criteria.keywords:
        return None
    return _said(asked, company, known, criteria.keywords)


def _says(asked: Asked, company: Company, _: Criteria, known: Known) -> Finding | None:
    return _said(asked, company, known, asked.values)


def _silent_on(asked: Asked, company: Company, _: Criteria, known: Known) -> Finding | None:
    found = [value for value in asked.values if _holds(_words(asked, company, known), value)]
    if found:
        return Finding("failed", f"says {', '.join(found)}", SAID)
    if not known.researched:
        return Finding("unknown", "its site was not read")
    return Finding("met", f"says none of: {', '.join(asked.values[:5])}", UNSTATED)


def _said(asked: Asked, company: Company, known: Known, wanted: Sequence[str]) -> Finding:
    """Any of them found is a fit, each missing one costs its share of the points."""
    words = _words(asked, company, known)
    found = [each for each in wanted if _holds(words, each)]
    if found:
        return Finding("met", f"says {', '.join(found)}", SAID, len(found) / len(wanted))
    why = f"says none of: {', '.join(wanted[:5])}"
    return Finding("failed", why, UNSTATED) if known.researched else Finding("unknown", why)


def _words(asked: Asked, company: Company, known: Known) -> str:
    row = [value_of(company, column) for column in asked.needs if column != PAGES]
    pages = known.text[:MAX_TEXT] if PAGES in asked.needs else ""
    return " ".join(folded(part) for part in (*row, pages))


def _holds(words: str, wanted: str) -> bool:
    """Whether folded words hold a text as whole words, in singular or plural."""
    return bool(re.search(rf"\b{re.escape(folded(wanted))}(?:s|es)?\b", words))


def _is_known(asked: Asked, company: Company, _: Criteria, known: Known) -> Finding | None:
    for column in asked.needs:
        if text := _text(company, column):
            return Finding("met", text, known.sure(column))
    return Finding("unknown", f"{' and '.join(asked.needs)} not known")


def _text(company: Company, column: str) -> str:
    """A value for a person; empty where it is not known."""
    match column:
        case "pms_detected":
            names = _software(company)
            return f"runs {', '.join(names)}" if names else ""
        case "units_estimate":
            return "" if company.units_estimate is None else f"{company.units_estimate} units"
        case "company_type" | "description":
            return f"{column} known" if value_of(company, column) else ""
        case _:
            return str(value_of(company, column) or "")


def _one_of(asked: Asked, company: Company, _: Criteria, known: Known) -> Finding | None:
    return _among(asked, company, known, met=True)


def _none_of(asked: Asked, company: Company, _: Criteria, known: Known) -> Finding | None:
    return _among(asked, company, known, met=False)


def _among(asked: Asked, company: Company, known: Known, *, met: bool) -> Finding:
    column = asked.needs[0]
    held = str(value_of(company, column))
    parts = {folded(part) for part in held.split(";")} - {"", "none"}
    if not parts:
        return Finding("unknown", f"{column} not known")
    inside = bool(parts & {folded(value) for value in asked.values})
    verdict: Verdict = "met" if inside == met else "failed"
    return Finding(verdict, f"{column} is {held}", known.sure(column))


def _at_least(asked: Asked, company: Company, _: Criteria, known: Known) -> Finding | None:
    return _compared(asked, company, known, lambda has: has >= asked.number)


def _at_most(asked: Asked, company: Company, _: Criteria, known: Known) -> Finding | None:
    return _compared(asked, company, known, lambda has: has <= asked.number)


def _compared(asked: Asked, company: Company, known: Known, fits: Callable[[int], bool]) -> Finding:
    column = asked.needs[0]
    has = value_of(company, column)
    if has is None:
        return Finding("unknown", f"{column} not known")
    return Finding("met" if fits(has) else "failed", f"{column} is {has}", known.sure(column))


NUMBERS: Final = frozenset(("units_estimate",))
TEXTS: Final = frozenset(
    "company_name domain website street city state postcode country phone category pms_detected"
    " company_type description".split()
)
COLUMNS: Final = TEXTS | NUMBERS


def _only(*columns: str) -> frozenset[str]:
    return frozenset(columns)


def _table(entries: Iterable[tuple[str, Condition]]) -> Mapping[str, Condition]:
    return MappingProxyType(dict(entries))


CONDITIONS: Final = _table(
    (
        ("in_business", Condition(_in_business, _only(PAGES))),
        ("not_excluded", Condition(_not_excluded, _only("domain", "website"))),
        ("in_place", Condition(_in_place, _only("country", "state", "city"))),
        ("of_category", Condition(_of_category, _only("category"))),
        ("runs_software", Condition(_runs_software, _only("pms_detected"))),
        ("units_in_range", Condition(_units_in_range, NUMBERS)),
        ("says_keyword", Condition(_says_keyword, TEXTS | {PAGES})),
        ("known", Condition(_is_known, COLUMNS)),
        ("one_of", Condition(_one_of, TEXTS, "values")),
        ("none_of", Condition(_none_of, TEXTS, "values")),
        ("at_least", Condition(_at_least, NUMBERS, "number")),
        ("at_most", Condition(_at_most, NUMBERS, "number")),
        ("says", Condition(_says, TEXTS | {PAGES}, "values")),
        ("silent_on", Condition(_silent_on, TEXTS | {PAGES}, "values")),
    )
)
