"""An element of OpenStreetMap as a company with evidence."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from app.pipeline.icp import Known, mismatch
from app.pipeline.outcomes import Found
from app.records.company import Company
from app.records.criteria import Criteria, country_code, state_code, state_country
from app.records.evidence import Evidence
from app.sources._found import cell, found, shortened
from app.sources._osm_tags import TRADE_KEYS, category_of
from app.sources._website import website_of

NAME = "osm"
CONFIDENCE = 0.7
"""Of what is mapped: people checked it once, and nobody says when."""
KINDS = ("node", "way", "relation")
_KIND_BITS = 60
_LISTED = Known(researched=False)
_NUMBER_FIRST = frozenset(("US", "CA", "GB", "IE", "AU", "NZ", "FR", "ZA", "IN", "LU"))
_EMAIL = re.compile(r"[^\s@<>,;]{1,64}@[^\s@<>,;]{1,190}\.[^\s@<>,;.]{2,24}")
_WEBSITE = ("website", "contact:website", "url", "contact:url")
_SAID_BY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "website": _WEBSITE,
        "domain": _WEBSITE,
        "street": ("addr:street", "addr:place", "addr:housenumber", "addr:full"),
        "city": ("addr:city", "addr:town"),
        "state": ("addr:state", "addr:province"),
        "postcode": ("addr:postcode",),
        "country": ("addr:country",),
        "phone": ("phone", "contact:phone"),
        "email": ("email", "contact:email"),
        "category": TRADE_KEYS,
    }
)
"""Which tags tell a field, the first one first."""
_YES = frozenset(("yes", "true", "1"))


@dataclass(frozen=True, slots=True)
class Element:
    """A node (kind 0), way (1) or relation (2) with its tags."""

    kind: int
    id: int
    tags: Mapping[str, str]

    @property
    def key(self) -> int:
        """Orders elements by (kind, id)."""
        return self.kind << _KIND_BITS | self.id

    @property
    def ref(self) -> str:
        """Where it is found: osm:node/1."""
        return f"{NAME}:{KINDS[self.kind]}/{self.id}"


def split_key(key: int) -> tuple[int, int]:
    """(kind, id) of `Element.key`."""
    return key >> _KIND_BITS, key & ((1 << _KIND_BITS) - 1)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where every element lies: `values` of country, state, city fill what an element does not
    say itself. `said_by` is the rule's ending, `quote` the words, `confidence` 0 to 1."""

    values: Mapping[str, str] = field(default_factory=dict)
    said_by: str = ""
    quote: str = ""
    confidence: float = 0.0


def company_of(
    element: Element, criteria: Criteria, around: Surroundings, now: datetime
) -> Found | None:
    """The company that an element is, if it fits; a place that is asked must be stated."""
    tags = element.tags
    name = cell(tags.get("name", ""))
    category = category_of(tags, criteria.category)
    if not name or not category or _is_closed(tags):
        return None
    said = _address(tags, around.values.get("country", ""))
    filled = {part: value for part, value in around.values.items() if not said[part]}
    where: dict[str, Any] = {**said, **filled}
    listed = Company(name, category=category, discovery_source=NAME, source_ref=element.ref)
    company = replace(listed, **where)
    if _lacks_place(company, criteria):
        return None
    website, domain = _website(tags)
    company = replace(company, website=website, domain=domain, phone=_first(tags, "phone"))
    if mismatch(company, criteria, _LISTED):
        return None
    facts = [*found(company, "", CONFIDENCE, now).evidence]
    facts += [replace(facts[0], field="email", value=address) for address in _emails(tags)]
    return Found(company, tuple(_told(fact, tags, filled, around) for fact in facts))


def _told(
    fact: Evidence, tags: Mapping[str, str], filled: Mapping[str, str], around: Surroundings
) -> Evidence:
    """The fact with the tags that say it, or with what is said of all elements."""
    if fact.field in filled:
        rule = f"{fact.rule}.{around.said_by}"
        return replace(
            fact, quote=shortened([around.quote]), confidence=around.confidence, rule=rule
        )
    keys = ("name", *_SAID_BY.get(fact.field, ()))
    said = (f"{key}={tags[key]}" for key in dict.fromkeys(keys) if key in tags)
    return replace(fact, quote=shortened(said))


def _lacks_place(company: Company, criteria: Criteria) -> bool:
    country = company.country or state_country(company.state)
    asked = (
        (criteria.country, country),
        (criteria.state, company.state),
        (criteria.city, company.city),
    )
    return any(want and not has for want, has in asked)


def _is_closed(tags: Mapping[str, str]) -> bool:
    """Out of business, or not yet in it (wiki: Key:disused, Key:end_date, lifecycle prefixes)."""
    if tags.get("disused") in _YES or tags.get("abandoned") in _YES or "end_date" in tags:
        return True
    return tags.get("opening_hours", "").strip().lower() in ("closed", "off")


def _address(tags: Mapping[str, str], default_country: str) -> dict[str, str]:
    """The parts of an address; the state as in the country's own code."""
    country = country_code(tags.get("addr:country", ""))
    where = country or default_country
    street = cell(tags.get("addr:street") or tags.get("addr:place", ""))
    number = cell(tags.get("addr:housenumber", ""))
    if street and number:
        street = f"{number} {street}" if where in _NUMBER_FIRST else f"{street} {number}"
    return {
        "street": cell(street or tags.get("addr:full", "")),
        "city": cell(tags.get("addr:city") or tags.get("addr:town", "")),
        "state": state_code(cell(tags.get("addr:state") or tags.get("addr:province", "")), where),
        "postcode": cell(tags.get("addr:postcode", "")),
        "country": country,
    }


def _website(tags: Mapping[str, str]) -> tuple[str, str]:
    for key in _WEBSITE:
        for value in tags.get(key, "").split(";"):
            website = website_of(value)
            if website[0]:
                return website
    return "", ""


def _values(tags: Mapping[str, str], what: str) -> list[str]:
    joined = f"{tags.get(what, '')};{tags.get(f'contact:{what}', '')}"
    return list(dict.fromkeys(filter(None, map(cell, joined.split(";")))))


def _first(tags: Mapping[str, str], what: str) -> str:
    return next(iter(_values(tags, what)), "")


def _emails(tags: Mapping[str, str]) -> list[str]:
    addresses = (text.removeprefix("mailto:") for text in _values(tags, "email"))
    return [address for address in addresses if _EMAIL.fullmatch(address)]
