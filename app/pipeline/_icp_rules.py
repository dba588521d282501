"""The rules of the ICP, all of them: what each asks, its weight, and how it is decided.

`RULES`, at the end, is the table. A rule is met, failed, or unknown where the fact is missing:
what is not known is not a "no". Software and keywords are the exception: once a site was read,
not finding them there is a "no".
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.records.company import Company
from app.records.criteria import Criteria, category_fits, folded, state_code, state_country

VERSION = "icp.1"
UNSTATED = 0.5
"""Confidence of a fact that came without evidence, and of "looked, found none"."""
MAX_TEXT = 200_000

Verdict = Literal["met", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the company's row.

    `researched`: its site was read. `text`: the visible words of its pages. `confidence`: of each
    column, from its evidence (`confidences`). `closed`: a source says that it is out of business.
    """

    researched: bool = True
    text: str = ""
    confidence: Mapping[str, float] = field(default_factory=dict)
    closed: bool = False


NOTHING_MORE = Known()


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says: `share` of its points (0 to 1), and why, for a person."""

    verdict: Verdict
    why: str
    confidence: float = 0.0
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Rule:
    """`test` gives None where the rule does not apply. `needs`: the columns that it rests on.
    `cause`: the disqualifier when it fails. `text`: what it asks, for a person."""

    id: str
    weight: int
    needs: tuple[str, ...]
    cause: str
    text: str
    test: Callable[[Company, Criteria, Known], Finding | None]


def _fact(known: Known, *columns: str) -> float:
    """The confidence of a fact that rests on these columns: that of the weakest."""
    return min(known.confidence.get(column, UNSTATED) for column in columns)


_CLOSED = re.compile(
    r"\bwe (?:have|are)(?: now)? (?:permanently closed|ceased (?:all )?operations"
    r"|closed our doors)\b"
    r"|\bthis (?:business|company|office) (?:has|is)(?: now)? permanently closed\b",
    re.IGNORECASE,
)


def _open(_company: Company, _criteria: Criteria, known: Known) -> Finding | None:
    said = _CLOSED.search(known.text[:MAX_TEXT])
    if known.closed or said:
        return Finding("failed", f"closed: {said[0] if said else 'its source says so'}", 0.8)
    return None


def _not_excluded(company: Company, criteria: Criteria, _known: Known) -> Finding | None:
    if not criteria.exclude_domains:
        return None
    host = company.website.partition("://")[2].partition("/")[0].partition(":")[0]
    for excluded in criteria.exclude_domains:
        if any(f".{name}".endswith(f".{excluded}") for name in (company.domain, host)):
            return Finding("failed", f"{excluded} is excluded", 1.0)
    return Finding("met", "not an excluded domain", 1.0)


def _place(company: Company, criteria: Criteria, known: Known) -> Finding | None:
    """Country, state and city, as far as they are asked; the first that differs decides."""
    country = company.country or state_country(company.state)
    wanted = criteria.country or state_country(criteria.state)
    pairs = [
        ("country", country, wanted),
        ("state", state_code(company.state, country), criteria.state),
        ("city", company.city, criteria.city),
    ]
    asked = [(name, has, want) for name, has, want in pairs if want]
    if not asked:
        return None
    for name, has, want in asked:
        if has and has != want and folded(has) != folded(want):
            return Finding("failed", f"{name} is {has}, not {want}", _fact(known, name))
    missing = [name for name, has, _ in asked if not has]
    if missing:
        return Finding("unknown", f"{missing[0]} not known")
    where = ", ".join(has for _, has, _ in reversed(asked))
    return Finding("met", f"in {where}", _fact(known, *(name for name, _, _ in asked)))


def _category(company: Company, criteria: Criteria, known: Known) -> Finding | None:
    if not criteria.category:
        return None
    fits = category_fits(company.category, criteria.category)
    if fits is None:
        return Finding("unknown", f"category {company.category or 'not known'}")
    why = company.category if fits else f"category is {company.category}, not {criteria.category}"
    return Finding("met" if fits else "failed", why, _fact(known, "category"))


def _software(company: Company, criteria: Criteria, known: Known) -> Finding | None:
    if not criteria.pms:
        return None
    names = _software_names(company)
    if not names and not known.researched and not company.pms_detected:
        return Finding("unknown", "software not known")
    if not names:
        return Finding("failed", f"no software found, {criteria.pms} was asked", UNSTATED)
    sure = _fact(known, "pms_detected")
    if criteria.pms.casefold() in {name.casefold() for name in names}:
        return Finding("met", f"runs {criteria.pms}", sure)
    return Finding("failed", f"runs {', '.join(names)}, not {criteria.pms}", sure)


def _software_names(company: Company) -> list[str]:
    """The vendors detected; "none" (looked, found none) is no vendor."""
    names = (name.strip() for name in company.pms_detected.split(";"))
    return [name for name in names if name.casefold() not in ("", "none")]


def _units(company: Company, criteria: Criteria, known: Known) -> Finding | None:
    low, high, units = criteria.units_min, criteria.units_max, company.units_estimate
    if low is None and high is None:
        return None
    if units is None:
        return Finding("unknown", "units not known")
    sure = _fact(known, "units_estimate")
    if low is not None and units < low:
        return Finding("failed", f"{units} units, fewer than {low}", sure)
    if high is not None and units > high:
        return Finding("failed", f"{units} units, more than {high}", sure)
    return Finding("met", f"{units} units", sure)


def _keywords(company: Company, criteria: Criteria, known: Known) -> Finding | None:
    """Any keyword found is a fit, each missing one costs its share of the points."""
    if not criteria.keywords:
        return None
    row = (company.name, company.category, company.company_type, company.description)
    words = " ".join(folded(part) for part in (*row, known.text[:MAX_TEXT]))
    found = [keyword for keyword in criteria.keywords if _says(words, keyword)]
    if found:
        share = len(found) / len(criteria.keywords)
        return Finding("met", f"says {', '.join(found)}", 0.8, share)
    why = f"says none of: {', '.join(criteria.keywords[:5])}"
    return Finding("failed", why, UNSTATED) if known.researched else Finding("unknown", why)


def _says(words: str, keyword: str) -> bool:
    """Whether folded words hold a keyword as whole words, in singular or plural."""
    return bool(re.search(rf"\b{re.escape(folded(keyword))}(?:s|es)?\b", words))


def _knows_website(company: Company, _criteria: Criteria, known: Known) -> Finding | None:
    if not company.website:
        return Finding("unknown", "no website known")
    return Finding("met", company.website, _fact(known, "website"))


def _knows_business(company: Company, _criteria: Criteria, known: Known) -> Finding | None:
    for column in ("company_type", "description"):
        if getattr(company, column):
            return Finding("met", f"{column} known", _fact(known, column))
    return Finding("unknown", "says nothing about itself")


def _knows_software(company: Company, criteria: Criteria, known: Known) -> Finding | None:
    names = _software_names(company)
    if criteria.pms:
        return None
    if not names:
        return Finding("unknown", "software not known")
    return Finding("met", f"runs {', '.join(names)}", _fact(known, "pms_detected"))


def _knows_units(company: Company, criteria: Criteria, known: Known) -> Finding | None:
    if criteria.units_min is not None or criteria.units_max is not None:
        return None
    if company.units_estimate is None:
        return Finding("unknown", "units not known")
    return Finding("met", f"{company.units_estimate} units", _fact(known, "units_estimate"))


RULES: tuple[Rule, ...] = (
    Rule("icp.open", 0, (), "closed",
        "The firm is in business.", _open),
    Rule("icp.not_excluded", 0, ("domain", "website"), "excluded_domain",
        "Its domain is not excluded.", _not_excluded),
    Rule("icp.place", 20, ("country", "state", "city"), "wrong_place",
        "It is in the country, state and city asked for.", _place),
    Rule("icp.category", 20, ("category",), "wrong_category",
        "It is of the category asked for, or of a narrower one.", _category),
    Rule("icp.software", 25, ("pms_detected",), "wrong_software",
        "It runs the software asked for.", _software),
    Rule("icp.units", 15, ("units_estimate",), "units_out_of_range",
        "Its units are in the range asked for.", _units),
    Rule("icp.keywords", 10, ("company_type", "description"), "missing_keyword",
        "It says a keyword asked for; each missing one costs points.", _keywords),
    Rule("icp.knows_website", 5, ("website",), "",
        "Its own website is known.", _knows_website),
    Rule("icp.knows_business", 5, ("company_type", "description"), "",
        "Its type or a description is known.", _knows_business),
    Rule("icp.knows_software", 5, ("pms_detected",), "",
        "Its software is known, where none was asked for.", _knows_software),
    Rule("icp.knows_units", 5, ("units_estimate",), "",
        "The number of its units is known, where no range was asked for.", _knows_units),
)  # fmt: skip
"""In the order in which a mismatch is told: certain and cheap rules first. The weights of the
rules that always apply (`knows_...`) are small, so that they order companies that all fit."""
