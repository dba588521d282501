"""Trades in OpenStreetMap's tags, both ways (keys and values: wiki.openstreetmap.org/wiki/Tag:...).

A category that the table does not hold is looked for by its own words, singular and plural, as the
value of any key of trade: "bakery" is shop=bakery, "plumber" craft=plumber. Without a category,
everything that has a key of trade counts, except what is no business.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from app.records.criteria import category_fits, category_name, category_spellings

ANY = "*"
TRADE_KEYS = ("office", "shop", "craft", "healthcare", "amenity", "tourism", "leisure")
_LODGING = "tourism=hotel,motel,hostel,guest_house,bed_and_breakfast,apartment,chalet"

_TAGS: Mapping[str, str] = MappingProxyType(
    {
        "property_management": "office=property_management",
        "real_estate_brokerage": "office=estate_agent shop=estate_agent",
        "real_estate_service": "office=property_management,estate_agent shop=estate_agent",
        "real_estate": "office=property_management,estate_agent,property_developer,real_estate "
        "shop=estate_agent",
        "vacation_rental_management": "tourism=apartment,chalet",
        "hotel": "tourism=hotel",
        "motel": "tourism=motel",
        "hostel": "tourism=hostel",
        "guest_house": "tourism=guest_house,bed_and_breakfast",
        "bed_and_breakfast": "tourism=guest_house,bed_and_breakfast",
        "accommodation": _LODGING,
        "lodging": _LODGING,
        "law_firm": "office=lawyer",
        "dental_clinic": "amenity=dentist healthcare=dentist",
        "doctor": "amenity=doctors healthcare=doctor",
        "clinic": "amenity=clinic healthcare=clinic",
        "veterinarian": "amenity=veterinary",
        "accounting_firm": "office=accountant,tax_advisor",
        "insurance_agency": "office=insurance shop=insurance",
        "software_company": "office=it",
        "nonprofit": "office=ngo,charity,foundation",
        "self_storage_facility": "shop=storage_rental",
        "architect": "office=architect",
        "travel_agency": "shop=travel_agency office=travel_agent",
        "hair_salon": "shop=hairdresser",
        "beauty_salon": "shop=beauty",
        "gym": "leisure=fitness_centre",
        "car_dealer": "shop=car",
        "bar": "amenity=bar,pub",
        "coffee_shop": "amenity=cafe",
        "company": "office=company",
        "office": "office=*",
        "shop": "shop=*",
        "store": "shop=*",
        "retail": "shop=*",
    }
)
_EVERYTHING = (
    "office=* shop=* craft=* healthcare=* "
    + _LODGING
    + " amenity=restaurant,fast_food,cafe,bar,pub,nightclub,dentist,doctors,clinic,pharmacy,"
    "veterinary,bank,bureau_de_change,car_rental,car_wash,driving_school,language_school,"
    "kindergarten,childcare,cinema,theatre,casino,coworking_space,conference_centre,"
    "events_venue,funeral_directors,internet_cafe,ice_cream,money_transfer,studio,"
    "training,vehicle_inspection "
    "leisure=fitness_centre,sports_centre,dance,escape_game,bowling_alley,amusement_arcade,sauna"
)
_NO_BUSINESS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "office": frozenset(
            ("no", "vacant", "government", "diplomatic", "political_party", "politician",
             "religion", "parish", "administrative", "university", "quango")
        ),
        "shop": frozenset(("no", "vacant", "disused")),
        "craft": frozenset(("no", "vacant")),
        "healthcare": frozenset(("no", "vacant")),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Selector:
    """Elements whose `key` has one of `values`; any value where `values` is empty."""

    key: str
    values: frozenset[str]

    def takes(self, tags: Mapping[str, str]) -> str:
        """The value of `key` that fits, or ""; "a;b" are two values."""
        if self.key not in tags:
            return ""
        refused = _NO_BUSINESS.get(self.key, frozenset())
        for value in tags[self.key].split(";"):
            value = value.strip()
            if value and value not in refused and (not self.values or value in self.values):
                return value
        return ""


@lru_cache(maxsize=256)
def selectors(category: str) -> tuple[Selector, ...]:
    """What to look for when this category is asked; every trade for "". In order of the keys."""
    if not category:
        return _selectors(_EVERYTHING)
    if category in _TAGS:
        return _selectors(_TAGS[category])
    spellings = category_spellings(category)
    known = [_TAGS[name] for name in spellings if name in _TAGS]
    if known:
        return _selectors(" ".join(known))
    return tuple(Selector(key, frozenset(spellings)) for key in TRADE_KEYS)


def category_of(tags: Mapping[str, str], asked: str) -> str:
    """The category of an element in Sluice's words; "" when it is not what was asked, or no trade.

    What was asked is given where the element's own word does not say so ("shop" for shop=books).
    """
    for selector in selectors(asked):
        value = selector.takes(tags)
        if value:
            own = _own_category(selector.key, value)
            return own if not asked or category_fits(own, asked) else asked
    return ""


def _own_category(key: str, value: str) -> str:
    return _BY_TAG.get((key, value)) or category_name(key if value == "yes" else value)


def _selectors(text: str) -> tuple[Selector, ...]:
    values: dict[str, set[str]] = {}
    anything: set[str] = set()
    for term in text.split():
        key, _, listed = term.partition("=")
        values.setdefault(key, set()).update(listed.split(","))
        if listed == ANY:
            anything.add(key)
    return tuple(
        Selector(key, frozenset() if key in anything else frozenset(values[key]))
        for key in TRADE_KEYS
        if key in values
    )


def _by_tag(table: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
    """(key, value) -> the first category of the table that means just this."""
    found: dict[tuple[str, str], str] = {}
    for name, text in table:
        for term in text.split():
            key, _, listed = term.partition("=")
            for value in listed.split(","):
                found.setdefault((key, value), name)
    return MappingProxyType(found)


_BY_TAG = _by_tag(_TAGS.items())
