"""Categories: one spelling for what people, lists and open data call the same trade.

The names to the left are Sluice's; to the right stand other spellings, among them the ones of
Overture Places. A category that is not listed here is as good: it is compared by its words.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from app.records._places import folded

_SYNONYMS: Mapping[str, str] = MappingProxyType(
    {
        "property_management": "property_manager property_mgmt rental_management "
        "rental_property_management residential_property_management real_estate_management",
        "vacation_rental_management": "vacation_rental vacation_rental_manager holiday_rental "
        "holiday_let holiday_rental_home short_term_rental vacation_rental_agents",
        "hoa_management": "hoa hoa_manager homeowners_association_management "
        "community_management association_management community_association_management "
        "condo_management homeowner_association",
        "real_estate_brokerage": "real_estate_agent real_estate_agency realtor realty "
        "real_estate_broker estate_agent brokerage",
        "commercial_real_estate": "commercial_realty commercial_real_estate_brokerage cre",
        "apartment_owner_operator": "apartment apartment_complex apartment_community "
        "apartment_operator multifamily multifamily_operator",
        "law_firm": "lawyer attorney law_office law legal_services attorney_or_law_firm",
        "dental_clinic": "dentist dental_practice dental_office dental general_dentistry",
        "accounting_firm": "accountant accounting cpa bookkeeper tax_adviser tax_advisor "
        "tax_consultant tax_service",
        "medical_clinic": "medical_practice medical_center medical_centre doctor "
        "physician_practice",
        "counseling": "counselling counselor counseling_practice psychology_practice psychologist "
        "psychotherapist counseling_and_mental_health",
        "church": "parish church_cathedral christian_church",
        "hotel": "hospitality",
        "veterinary_clinic": "veterinary veterinarian veterinary_practice animal_hospital",
        "investment_firm": "private_equity private_investment investment",
        "insurance_agency": "insurance_agent insurance_broker insurance",
        "software_company": "software software_development software_vendor saas",
        "nonprofit": "non_profit nonprofit_organization non_profit_organization charity "
        "community_services_non_profits",
        "self_storage_facility": "self_storage mini_storage",
    }
)
_PARTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "real_estate": (
            "property_management",
            "real_estate_brokerage",
            "real_estate_service",
            "commercial_real_estate",
            "apartment_owner_operator",
        ),
        "real_estate_service": ("property_management", "real_estate_brokerage"),
    }
)
_COMPANY_WORDS = ("_company", "_firm", "_business", "_agency", "_office")


def _singular(name: str) -> str:
    if name.endswith("ies") and len(name) > 5:
        return name[:-3] + "y"
    return name[:-1] if name.endswith("s") and not name.endswith(("ss", "us", "is")) else name


def _plural(name: str) -> str:
    if name.endswith("y") and name[-2:-1] not in tuple("aeiou"):
        return name[:-1] + "ies"
    return name + "s"


_CANONICAL: Mapping[str, str] = MappingProxyType(
    {_singular(word): name for name, words in _SYNONYMS.items() for word in (name, *words.split())}
)


@lru_cache(maxsize=1024)
def category_name(text: str) -> str:
    """A category in snake_case, in Sluice's word where it has one.

    >>> category_name("Property managers"), category_name("Pizza Restaurants")
    ('property_management', 'pizza_restaurants')
    """
    snake = folded(text).replace(" ", "_")
    single = _singular(snake)
    if single in _CANONICAL:
        return _CANONICAL[single]
    for word in _COMPANY_WORDS:
        if single.endswith(word) and _singular(single.removesuffix(word)) in _CANONICAL:
            return _CANONICAL[_singular(single.removesuffix(word))]
    return snake


def category_spellings(name: str) -> tuple[str, ...]:
    """Every spelling under which a source may hold what `category_name` gave, sorted.

    Holds singular and plural forms, and the trades that a broad category consists of.
    """
    names = {name, *_PARTS.get(name, ())}
    names |= {word for one in tuple(names) for word in _SYNONYMS.get(one, "").split()}
    return tuple(sorted(names | {_singular(n) for n in names} | {_plural(n) for n in names}))


@lru_cache(maxsize=1024)
def category_fits(has: str, asked: str) -> bool | None:
    """Whether a company of category `has` is what was `asked` for; both from `category_name`.

    The same or a narrower one fits ("pizza_restaurant" for "restaurant"); of a broader one nobody
    knows (None); any other does not.
    """
    if _narrower(has, asked):
        return True
    return None if not has or _narrower(asked, has) else False


def _narrower(has: str, asked: str) -> bool:
    one, other = _singular(has), _singular(asked)
    return one == other or one.endswith(f"_{other}") or has in _PARTS.get(asked, ())
