"""A row in the form that is compared, and the rules that two rows meet."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.pipeline._same_company.names import Name, compare_names, read_name
from app.pipeline._same_company.phones import compare_phones, read_phone
from app.pipeline._same_company.rules import RULES
from app.pipeline._same_company.streets import (
    FAR,
    NEAR,
    Street,
    compare_cities,
    compare_streets,
    kilometres,
    postcode_key,
    read_street,
)
from app.pipeline._same_company.web import Web, compare_webs, read_web, spells_domain
from app.records.criteria import country_code, folded, state_code, state_country

AGREEING: Final = frozenset({"name.same", "name.close", "name.begins"})
"""What two names meet that may well be one. A house holds many firms: the same address says little
by itself, and much where the names agree."""


_ORDER: Final = {rule: place for place, rule in enumerate(RULES)}
_AGREEING_WEBS: Final = frozenset({"web.page", "web.domain", "web.named", "web.like"})


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of one company at one address; empty or None = not known.

    `domain` is the registrable domain or the full host, as in app.records.company.Company;
    `country` a code or a name. `latitude` and `longitude` in degrees, both or none.
    """

    name: str
    domain: str = ""
    website: str = ""
    phone: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Traits:
    """A place, read. `towns`: the words of its city and state. `shared_phone`: many other firms
    state the same number. Empty = not known."""

    name: Name
    phone: str
    street: Street
    city: str
    state: str
    postcode: str
    country: str
    towns: frozenset[str]
    web: Web
    point: tuple[float, float] | None
    shared_phone: bool = False


def read_place(place: Place) -> Traits:
    """Read every column once."""
    country = country_code(place.country)
    state = state_code(place.state, country)
    city = folded(place.city)
    located = place.latitude is not None and place.longitude is not None
    return Traits(
        name=read_name(place.name),
        phone=read_phone(place.phone, country),
        street=read_street(place.street),
        city=city,
        state=state if state_country(state) else "",
        postcode=postcode_key(place.postcode, country),
        country=country,
        towns=frozenset((*city.split(), *folded(place.state).split())),
        web=read_web(place.domain, place.website),
        point=(place.latitude or 0.0, place.longitude or 0.0) if located else None,
    )


def met_rules(a: Traits, b: Traits) -> tuple[str, ...]:
    """The ids of the rules that two rows meet, in the order of RULES."""
    return tuple(sorted((rule for rule in _met(a, b) if rule), key=_ORDER.__getitem__))


def _met(a: Traits, b: Traits) -> Iterator[str]:
    names = compare_names(a.name, b.name, a.towns | b.towns)
    yield names
    phones = compare_phones(a.phone, b.phone, a.country or b.country)
    central = phones == "phone.same" and (a.shared_phone or b.shared_phone)
    yield "phone.same_central" if central else phones
    street = compare_streets(a.street, b.street) or _apart(a, b)
    yield street
    if street == "street.same" and names in AGREEING:
        yield "street.and_name"
    postcodes = a.postcode and b.postcode
    if postcodes:
        yield "postcode.same" if a.postcode == b.postcode else "postcode.other"
    yield compare_cities(a.city, b.city, is_all=not street and not postcodes)
    if a.state and b.state and a.state != b.state:
        yield "state.other"
    if a.country and b.country and a.country != b.country:
        yield "country.other"
    webs = compare_webs(a.web, b.web) or _named(a, b)
    yield webs
    if not (phones or street or postcodes):
        located = any((a.city, b.city, a.state, b.state, a.country, b.country))
        yield "" if located or webs in _AGREEING_WEBS else "name.alone"
        yield "web.alone" if webs == "web.other" else ""


def _named(a: Traits, b: Traits) -> str:
    """Whether the name of the row without a website spells the domain of the other."""
    if bool(a.web.identity) == bool(b.web.identity):
        return ""
    name, web = (a.name, b.web) if b.web.identity else (b.name, a.web)
    return "web.named" if spells_domain(name.squeezed, web) else ""


def _apart(a: Traits, b: Traits) -> str:
    if a.point is None or b.point is None:
        return ""
    distance = kilometres(a.point, b.point)
    return "distance.near" if distance <= NEAR else "distance.far" if distance >= FAR else ""
