"""People in JSON-LD and microdata: employees, founders, members, named contacts."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from app.extractors._people.names import Likelihood, read_name
from app.extractors._people.titles import read_title
from app.records.person_name import PersonName

MAX_DEPTH = 12
MAX_PEOPLE = 200

_OTHERS = frozenset(
    "author creator contributor editor review reviews reviewedBy reviewRating publisher commenter "
    "comment accountablePerson "
    "performer actor director_of customer client alumni sender recipient translator "
    "copyrightHolder sponsor funder knows "
    "parent children spouse sibling itemReviewed isPartOf hasPart mentions citation".split()
)
_STAFF = frozenset(
    "employee employees founder founders member members owner staff contactPoint leader "
    "chairperson president legalRepresentative "
    "worksFor department subOrganization broker agent manager administrator medicalSpecialty "
    "physician attorney".split()
)
_FIRM_TYPES = frozenset(
    ("RealEstateAgent", "Physician", "Attorney", "Dentist", "IndividualPhysician", "Notary")
)
_TAGS = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Stated:
    """A person that structured data states, with the values given there as written."""

    name: PersonName
    likelihood: Likelihood
    title: str
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    links: tuple[str, ...]
    quote: str
    rule: str


def stated_people(json_ld: tuple[dict[str, Any], ...], tree: LexborHTMLParser) -> list[Stated]:
    """The company's people in the structured data of a page; authors and reviewers are left out."""
    found: list[Stated] = []
    for item in json_ld:
        found.extend(_walk(item, "", MAX_DEPTH))
    nodes = tree.css('[itemtype*="schema.org/Person"]')[:MAX_PEOPLE]
    found.extend(person for node in nodes if (person := _of_microdata(node)))
    return found[:MAX_PEOPLE]


def _walk(item: Any, key: str, depth: int) -> Iterator[Stated]:
    if depth <= 0 or key in _OTHERS:
        return
    if isinstance(item, list):
        for member in item[:MAX_PEOPLE]:
            yield from _walk(member, key, depth)
    elif isinstance(item, dict):
        if _types(item) & {
            "BlogPosting",
            "NewsArticle",
            "Review",
            "Comment",
            "Recipe",
            "Quotation",
        }:
            return
        if person := _of_json(item, key):
            yield person
        for name, value in item.items():
            if isinstance(value, dict | list):
                yield from _walk(value, name, depth - 1)


def _of_json(item: Mapping[str, Any], key: str) -> Stated | None:
    kinds = _types(item)
    contact = key == "contactPoint" or "ContactPoint" in kinds
    if not (
        kinds & {"Person", "Physician", "IndividualPhysician"}
        or contact
        or _is_person_firm(item, key)
    ):
        return None
    joined = " ".join(filter(None, (_text(item.get("givenName")), _text(item.get("familyName")))))
    read = read_name(_text(item.get("name")) or joined) or read_name(joined)
    if read is None or (contact and read[1] is not Likelihood.KNOWN):
        return None
    title = _text(item.get("jobTitle")) or _text(item.get("roleName"))
    staff = bool(
        title or key in _STAFF or {"worksFor", "affiliation", "memberOf"} & item.keys() or contact
    )
    if not staff:
        return None
    if contact and not title:
        title = _contact_title(_text(item.get("contactType")))
    links = tuple(
        link for name in ("sameAs", "url", "mainEntityOfPage") for link in _texts(item.get(name))
    )
    quote = ", ".join(part for part in (read[0].full, title, *_texts(item.get("email"))) if part)
    return Stated(
        *read,
        title,
        _texts(item.get("email")),
        _texts(item.get("telephone")),
        links,
        quote[:240],
        "people.json_ld",
    )


def _contact_title(kind: str) -> str:
    """ "leasing" of a named contact point is that person's work: "leasing contact"."""
    title = f"{kind} contact" if kind and "contact" not in kind.lower() else kind
    return title if len(title.split()) <= 4 and read_title(title) else ""


def _is_person_firm(item: Mapping[str, Any], key: str) -> bool:
    return bool(_types(item) & _FIRM_TYPES) and key in _STAFF


def _types(item: Mapping[str, Any]) -> set[str]:
    kinds = item.get("@type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return {kind.rpartition("/")[2] for kind in listed if isinstance(kind, str)}


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = next((part for part in value if isinstance(part, str | dict)), "")
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value") or ""
    return _plain(value) if isinstance(value, str) else ""


def _texts(value: Any) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    return tuple(plain for part in listed[:20] if isinstance(part, str) and (plain := _plain(part)))


def _plain(text: str) -> str:
    return " ".join(_TAGS.sub(" ", unescape(text[:500])).split())


def _of_microdata(node: LexborNode) -> Stated | None:
    if _is_others(node):
        return None
    values: dict[str, list[str]] = {}
    for held in node.css("[itemprop]")[:40]:
        for name in (held.attributes.get("itemprop") or "").split():
            values.setdefault(name, []).append(_held(held))
    names = [
        *values.get("name", ()),
        " ".join(values.get("givenName", [])[:1] + values.get("familyName", [])[:1]),
    ]
    read = next((found for name in names if (found := read_name(name))), None)
    if read is None:
        return None
    title = next(iter(values.get("jobTitle", ())), "") or next(iter(values.get("role", ())), "")
    quote = ", ".join(part for part in (read[0].full, title) if part)
    return Stated(
        *read,
        title,
        tuple(values.get("email", ())),
        tuple(values.get("telephone", ())),
        tuple(values.get("sameAs", ()) or values.get("url", ())),
        quote,
        "people.microdata",
    )


def _held(node: LexborNode) -> str:
    attributes = node.attributes
    if node.tag == "meta":
        return _plain(attributes.get("content") or "")
    if node.tag in ("a", "link") and (href := attributes.get("href")):
        if href.lower().startswith(("mailto:", "tel:")):
            return href.partition(":")[2].partition("?")[0]
        if "url" in (attributes.get("itemprop") or "") or "sameAs" in (
            attributes.get("itemprop") or ""
        ):
            return href
    return " ".join((attributes.get("content") or node.text(separator=" ")).split())[:200]


def _is_others(node: LexborNode) -> bool:
    """Whether the person is the author or reviewer of something."""
    current: LexborNode | None = node
    for _ in range(12):
        if current is None:
            return False
        attributes = current.attributes
        if set((attributes.get("itemprop") or "").split()) & _OTHERS:
            return True
        if (attributes.get("itemtype") or "").endswith(
            ("/Review", "/BlogPosting", "/Comment", "/NewsArticle")
        ):
            return True
        current = current.parent
    return False
