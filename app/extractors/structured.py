"""Structured data about the firm: JSON-LD and microdata of schema.org organisations.

Types: https://schema.org/Organization and the types below it. People, listings and events in
structured data are not the firm; objects with the address of another site are not either.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from selectolax.lexbor import LexborNode

from app.crawl.document import Document
from app.crawl.domains import registrable, same_site
from app.extractors import Site
from app.extractors._addresses.american import address_of_parts, read_address
from app.extractors._addresses.postal import Address
from app.extractors._addresses.region import region_of
from app.extractors._facts import fact, is_article, linkedin_company
from app.extractors._firm.company_name import is_outdated, name_key
from app.extractors._firm.domain_names import domain_backing
from app.extractors._firm.unnamed import is_unnamed
from app.extractors.emails import address as email_address
from app.extractors.phones import e164
from app.records.evidence import Evidence
from app.records.person_name import parse_person_name

MAX_OBJECTS = 50
MAX_DEPTH = 4

_ORGANISATIONS: Final = frozenset(
    [
        "organization",
        "corporation",
        "ngo",
        "localbusiness",
        "realestateagent",
        "legalservice",
        "attorney",
        "notary",
        "dentist",
        "physician",
        "medicalclinic",
        "medicalorganization",
        "medicalbusiness",
        "hospital",
        "optician",
        "pharmacy",
        "veterinarycare",
        "accountingservice",
        "insuranceagency",
        "bankorcreditunion",
        "financialservice",
        "professionalservice",
        "homeandconstructionbusiness",
        "generalcontractor",
        "plumber",
        "electrician",
        "roofingcontractor",
        "hvacbusiness",
        "housepainter",
        "locksmith",
        "movingcompany",
        "store",
        "autodealer",
        "autorepair",
        "automotivebusiness",
        "restaurant",
        "foodestablishment",
        "bakery",
        "cafeorcoffeeshop",
        "hotel",
        "lodgingbusiness",
        "bedandbreakfast",
        "resort",
        "campground",
        "travelagency",
        "selfstorage",
        "employmentagency",
        "educationalorganization",
        "school",
        "college",
        "governmentorganization",
        "newsmediaorganization",
        "sportsorganization",
        "performinggroup",
        "beautysalon",
        "hairsalon",
        "dayspa",
        "healthandbeautybusiness",
        "healthclub",
        "childcare",
        "animalshelter",
        "library",
        "entertainmentbusiness",
        "consortium",
        "onlinebusiness",
        "onlinestore",
        "propertymanagement",
        "propertymanager",
        "apartmentcomplex",
        "gatedresidencecommunity",
        "researchorganization",
        "fundingscheme",
    ]
)
_HOLDERS: Final = (
    "publisher",
    "provider",
    "mainEntity",
    "about",
    "hiringOrganization",
    "copyrightHolder",
    "sourceOrganization",
    "department",
    "branchOf",
)
_TAGLINE = re.compile(r"\s+[|–—]\s+")
_TRADE_FIRST = re.compile(
    r"(?:property management|real estate|apartments?|homes?|rentals?|vacation rentals|dentists?|"
    r"lawyers?|attorneys?|law firm)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:1[89]|20)\d\d")

SURE, BELOW_SURE, BRANCH = 0.92, 0.85, 0.6


def extract(document: Document, site: Site) -> Iterator[Evidence]:
    """Name, address, phone, e-mail, founding year, description and LinkedIn page of the firm."""
    firms = [*_json_ld_firms(document), *_microdata_firms(document)]
    own = [firm for firm in firms if _is_own(firm, document, site)]
    for number, firm in enumerate(own[:MAX_OBJECTS]):
        yield from _facts_of(firm, document, site, SURE if number == 0 else BELOW_SURE)


def _facts_of(
    firm: Mapping[str, Any], document: Document, site: Site, sure: float
) -> Iterator[Evidence]:
    """Evidence in the order: who, where, how to reach, what."""
    if is_article(document):
        sure = BRANCH

    def state(field: str, value: str, quote: str, rule: str, confidence: float = sure) -> Evidence:
        return fact(document, field, value, quote, "structured", confidence, f"structured.{rule}")

    for key, field in (("name", "company_name"), ("legalName", "legal_name")):
        if value := _name(firm.get(key)):
            doubtful = (
                _is_person(value)
                or _is_slogan(value, document, site)
                or is_outdated(value, document)
            )
            of_name = min(sure, BRANCH) if doubtful else sure
            yield state(field, value, _quote(key, firm[key]), "name", of_name)
    for address in _addresses(firm):
        for field, value in address.fields():
            yield state(field, value, address.quote, "address")
    region = region_of(document, site)
    for key, value in _reach(firm):
        field = {"telephone": "phone", "faxNumber": "fax"}.get(key, key)
        if known := email_address(value) if key == "email" else e164(value, region):
            yield state(field, known, _quote(key, value), key)
    if year := _YEAR.match(_text(firm.get("foundingDate"))):
        yield state("founded", year[0], _quote("foundingDate", firm["foundingDate"]), "founded")
    description = _text(firm.get("description"))
    if 40 <= len(description) <= 300:
        yield state("description", description, description, "description", 0.7)
    for url in _strings(firm.get("sameAs")):
        if page := linkedin_company(url):
            yield state("linkedin_url", page, url, "same_as")


def _json_ld_firms(document: Document) -> Iterator[Mapping[str, Any]]:
    for item in document.json_ld[:MAX_OBJECTS]:
        yield from _firms_in(item, MAX_DEPTH)


def _firms_in(item: Mapping[str, Any], depth: int) -> Iterator[Mapping[str, Any]]:
    if _types(item) & _ORGANISATIONS and _name(item.get("name") or item.get("legalName")):
        yield item
    if depth:
        for key in _HOLDERS:
            for held in _objects(item.get(key)):
                yield from _firms_in(held, depth - 1)


def _is_own(firm: Mapping[str, Any], document: Document, site: Site) -> bool:
    """False where the object gives its address, and that is another site."""
    urls = [url for url in _strings(firm.get("url")) if registrable(url)]
    known = (document.url, site.domain)
    return not urls or any(same_site(url, one) for url in urls for one in known if one)


def _types(item: Mapping[str, Any]) -> set[str]:
    found = _strings(item.get("@type"))
    return {name.rpartition("/")[2].rpartition(":")[2].lower() for name in found}


def _reach(firm: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """("telephone" | "faxNumber" | "email", value) of the firm and its contact points."""
    points = (firm, *_objects(firm.get("contactPoint")), *_objects(firm.get("contactPoints")))
    for point in points:
        for key in ("telephone", "faxNumber", "email"):
            for value in _strings(point.get(key)):
                yield key, value


def _addresses(firm: Mapping[str, Any]) -> Iterator[Address]:
    places = [firm.get("address")]
    places += [place.get("address") for place in _objects(firm.get("location"))]
    for place in places:
        for parts in _objects(place):
            found = address_of_parts(
                street=_text(parts.get("streetAddress")),
                city=_text(parts.get("addressLocality")),
                state=_text(parts.get("addressRegion")),
                postcode=_text(parts.get("postalCode")),
                country=_text(parts.get("addressCountry")),
            )
            if found:
                yield found
        for text in _strings(place):
            if isinstance(place, str | list) and (found := read_address(text)):
                yield found


def _name(value: object) -> str:
    text = _TAGLINE.split(_text(value))[0]
    good = 2 <= len(text) <= 120 and "http" not in text and not is_unnamed(text)
    return text if good else ""


def _is_person(name: str) -> bool:
    """Whether it is surely a person: a doctor or an agent is an organisation to schema.org."""
    person = parse_person_name(name)
    return person is not None and bool(person.credentials)


def _is_slogan(name: str, document: Document, site: Site) -> bool:
    """Whether a name only says what the firm does and where, and the domain does not back it."""
    return bool(_TRADE_FIRST.match(name)) and not domain_backing(
        name_key(name), site.domain, document.url
    )


def _text(value: object) -> str:
    """A value as text on one line: the name of an object, the first of a list."""
    if isinstance(value, list):
        return _text(value[0]) if value else ""
    if isinstance(value, dict):
        return _text(value.get("name") or value.get("@value"))
    return " ".join(str(value).split()) if isinstance(value, str | int) else ""


def _strings(value: object) -> list[str]:
    members = value if isinstance(value, list) else [value]
    return [" ".join(one.split()) for one in members if isinstance(one, str) and one.strip()]


def _objects(value: object) -> list[dict[str, Any]]:
    members = value if isinstance(value, list) else [value]
    return [one for one in members[:MAX_OBJECTS] if isinstance(one, dict)]


def _quote(key: str, value: object) -> str:
    return f'"{key}": {json.dumps(value, ensure_ascii=False)}'[:240]


def _microdata_firms(document: Document) -> Iterator[Mapping[str, Any]]:
    """Objects in the shape of JSON-LD, of the itemscope elements of an organisation's type."""
    if "itemprop" not in document.html:
        return
    for node in document.tree.css("[itemscope][itemtype]")[:MAX_OBJECTS]:
        item = _microdata(node, MAX_DEPTH)
        if _types(item) & _ORGANISATIONS and _name(item.get("name")):
            yield item


def _microdata(scope: LexborNode, depth: int) -> dict[str, Any]:
    item: dict[str, Any] = {"@type": (scope.attributes.get("itemtype") or "").split()}
    for node in _properties(scope):
        names = (node.attributes.get("itemprop") or "").split()
        nested = "itemscope" in node.attributes
        value = _microdata(node, depth - 1) if nested and depth else _property_value(node)
        for name in names:
            item.setdefault(name, value)
    return item


def _properties(scope: LexborNode) -> Iterable[LexborNode]:
    """The itemprop elements of this scope, without those of scopes inside it."""
    for node in scope.css("[itemprop]")[:200]:
        above = node.parent
        while above is not None and above.mem_id != scope.mem_id:
            if "itemscope" in above.attributes:
                break
            above = above.parent
        if above is not None and above.mem_id == scope.mem_id and node.mem_id != scope.mem_id:
            yield node


def _property_value(node: LexborNode) -> str:
    attributes = node.attributes
    for name in ("content", "href" if node.tag in ("a", "link") else "datetime"):
        if found := attributes.get(name):
            return found.removeprefix("mailto:").removeprefix("tel:")
    return " ".join(node.text(separator=" ").split())


EXTRACTOR = extract
