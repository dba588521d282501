"""What a careful reader found on each site: read from labels, in one shape for all of them."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from app.errors import InputError
from app.records.criteria import category_name, folded

TYPES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "property_management": ("residential", "multifamily"),
        "hoa_management": ("association",),
        "vacation_rental_management": ("vacation_rental",),
        "commercial_real_estate": ("commercial",),
        "apartment_owner_operator": ("multifamily", "residential"),
        "real_estate_brokerage": ("brokerage",),
    }
)
"""The company types that go with a category; other categories are their own type."""

PLACE: Final = ("street", "city", "state", "country")
_INDEX = re.compile(r"(?:^|/)index$")


@dataclass(frozen=True, slots=True)
class Person:
    """A labelled person. Empty string = the pages do not say."""

    name: str
    title: str = ""
    email: str = ""
    phone: str = ""
    linkedin: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Software:
    """A labelled vendor with its certainty: certain, probable, weak. `aliases`: other names of it,
    such as that of its product or of the vendor that bought it."""

    vendor: str
    certainty: str
    page: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Truth:
    """A site and what is true of it.

    `single`: field -> the values that are right; none of them = the site has none; a field that is
    not there is not judged. `judged`: the other fields that are. `people_ok`: names that are no
    error. Pages are keys (`page_key`); `unlinked` ones cannot be reached by links, `blocked` ones
    may not be read; without `pages` the labels hold for all. `written`: value -> how it stands in
    the page where it is disguised. `page`: the file of a site of one page.
    """

    site: str
    website: str
    judged: frozenset[str]
    single: Mapping[str, tuple[str, ...]]
    reach: str = "ok"
    pages: frozenset[str] = frozenset()
    unlinked: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    emails: tuple[str, ...] = ()
    emails_ok: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    phones_ok: tuple[str, ...] = ()
    fax: tuple[str, ...] = ()
    fax_ok: tuple[str, ...] = ()
    software: tuple[Software, ...] = ()
    software_not: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()
    people_ok: tuple[str, ...] = ()
    people_complete: bool = False
    not_contacts: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    written: Mapping[str, str] = field(default_factory=dict)
    page: Path | None = None

    def names_doubt(self, value: str) -> bool:
        """Whether a doubt speaks of this value."""
        words = folded(value)
        return len(words) > 2 and any(f" {words} " in f" {folded(one)} " for one in self.doubts)

    def doubts_field(self, name: str) -> bool:
        """Whether a doubt begins with this field."""
        return any(one.partition(":")[0].rstrip("s") == name.rstrip("s") for one in self.doubts)

    def speaks_of(self, page: str) -> bool:
        """Whether the labels were read from this page too."""
        return not (page and self.pages) or page in self.pages


def page_key(url: str) -> str:
    """One key for a page's address and for its file: the path without "index" and ".html".

    >>> page_key("https://firm.example/team/"), page_key("team/index.html"), page_key("/")
    ('team', 'team', 'index')
    """
    path = unquote(urlsplit(url).path).strip("/")
    return _INDEX.sub("", re.sub(r"\.html?$", "", path, flags=re.IGNORECASE)) or "index"


def read_json(file: Path) -> Any:
    """The file's content. Raises InputError."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"labels {file}: {error.strerror or error}") from None
    except ValueError as error:
        raise InputError(f"labels {file}: no JSON: {error}") from None


JUDGED: Final = frozenset(
    "reach email phone fax software people title person_email person_phone person_linkedin traps "
    "software_traps".split()
)


def truth_of(site: Mapping[str, Any]) -> Truth:
    """The labels of one site. Raises KeyError where a required key is missing."""
    expected, reach = site["expected"], site.get("reach", "ok")
    word = reach if isinstance(reach, str) else "ok"
    unlinked = [] if isinstance(reach, str) else reach.get("pages_not_linked", [])
    fax = expected.get("fax", [])
    return Truth(
        site=site["slug"],
        website=site["website"].rstrip("/") + (f"/{site['start']}" if "start" in site else ""),
        judged=JUDGED,
        single=_single(expected) if word == "ok" else {},
        reach=word,
        pages=frozenset(map(page_key, site["pages"])),
        unlinked=frozenset(map(page_key, unlinked)),
        blocked=frozenset(map(page_key, site.get("blocked_pages", []))),
        emails=tuple(expected["emails"]),
        emails_ok=tuple(expected.get("emails_ok", [])),
        phones=tuple(expected["phones"]),
        phones_ok=tuple(expected.get("phones_ok", [])),
        fax=tuple(fax),
        fax_ok=tuple(expected.get("fax_other", [])),
        software=tuple(_software(one) for one in expected["software"]),
        software_not=tuple(one["vendor"] for one in expected.get("software_not", [])),
        people=tuple(_person(one) for one in expected["people"]),
        people_complete=expected["people_complete"],
        not_contacts=tuple(expected.get("not_contacts", [])),
        doubts=(*site.get("doubts", []), *_notes(expected)),
        written={value: one["as"] for value, one in expected.get("written", {}).items()},
    )


def _software(one: Mapping[str, Any]) -> Software:
    page = page_key(one["page"]) if "page" in one else ""
    aliases = (*one.get("aliases", []), *one.get("vendor_aliases", []))
    return Software(one["vendor"], one["certainty"], page, aliases)


def _person(one: Mapping[str, str]) -> Person:
    channels = {name: one.get(name, "") for name in ("title", "email", "phone", "linkedin")}
    return Person(one["name"], **channels, page=page_key(one["page"]))


def _notes(expected: Mapping[str, Any]) -> Iterable[str]:
    yield from (one["note"] for one in expected["people"] if "note" in one)


def _single(expected: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The fields of one value that the labels speak of."""
    categories = _some(expected["category"], *expected.get("also", []))
    names = (expected["company_name"], expected.get("legal_name"), *expected.get("aliases", []))
    single = {
        "company_name": _some(*names),
        "category": categories,
        "company_type": types_of(categories),
    }
    for name in (*PLACE, "founded", "company_linkedin"):
        if name in expected:
            single[name] = _some(expected[name])
    if "postal_code" in expected:
        single["postcode"] = _some(expected["postal_code"])
    if "units" in expected:
        single["units"] = _some((expected["units"] or {}).get("value"))
    return single


def _some(*values: object) -> tuple[str, ...]:
    return tuple(str(value) for value in values if value not in (None, ""))


def types_of(categories: Iterable[str]) -> tuple[str, ...]:
    """The company types that go with these categories; "mixed" where there may be several."""
    types = dict.fromkeys(kind for one in categories for kind in _types(category_name(one)))
    return (*types, "mixed") if len(types) > 1 else tuple(types)


def _types(category: str) -> tuple[str, ...]:
    return TYPES.get(category, (category,))
