"""What kind of firm a page speaks of: counted phrases, with the line that says it best.

Each phrase has a weight; a phrase counts at most five times, so that one repeated word does not
decide alone. A phrase begins at the beginning of a word; punctuation counts as space. The kinds of
real estate firms are those that property software is sold to; other trades are named so that they
can be told apart.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

MOST = 5
LEAST = 4.0

_PHRASES: Final = MappingProxyType(
    {
        ("association", "homeowners_association_management"): (
            "3 hoa management|3 association management|3 community association|"
            "2 homeowners association"
            "|2 homeowner association|2 condominium association|2 condo association|2 board members"
            "|2 board of directors meeting|1 hoa |2 community management|1 covenant|"
            "2 gestión de comunidades"
        ),
        ("vacation_rental", "vacation_rental_management"): (
            "3 vacation rental|3 short-term rental|3 short term rental|2 airbnb|2 vrbo |"
            "3 holiday rental"
            "|3 holiday let|2 vacation home|2 nightly rate|1 guest communication|1 your stay|"
            "1 check-in"
            "|1 book direct|3 alquiler vacacional|3 ferienwohnung|3 location saisonnière"
        ),
        ("commercial", "commercial_real_estate"): (
            "3 commercial property management|3 commercial real estate|2 office space|"
            "2 retail space"
            "|2 industrial real estate|2 industrial space|1 warehouse|2 tenant representation"
            "|2 investment sales|2 triple net|1 commercial propert|2 shopping center|"
            "1 office and retail"
        ),
        ("residential", "property_management"): (
            "3 property management|2 property manager|2 residential property|2 single-family"
            "|2 single family|2 tenant screening|2 tenant placement|2 rental propert|1 landlord"
            "|2 homes for rent|2 rental homes|1 rent collection|2 tenant portal|2 owner portal"
            "|2 hausverwaltung|2 gestion locative|2 administración de propiedades|2 lettings"
        ),
        ("multifamily", "apartment_owner_operator"): (
            "3 apartment communit|3 multifamily|3 multi-family|2 apartment homes|2 luxury apartment"
            "|2 floor plans|1 apartments|2 leasing office|2 resident services|1 one bedroom"
        ),
        ("brokerage", "real_estate_brokerage"): (
            "2 realtor|3 real estate brokerage|2 real estate agent|2 homes for sale|"
            "2 list your home"
            "|2 sell your home|2 buyers and sellers|2 home valuation|1 mls |2 buying or selling"
            "|1 sales agent|1 open house|2 buy or sell|1 listings"
        ),
        ("law_firm", "law_firm"): (
            "3 law firm|3 law office|2 attorney|2 practice areas|2 lawyer|2 solicitors|1 litigation"
            "|1 legal services|2 abogados|2 rechtsanwalt|2 avocat"
        ),
        ("dental_clinic", "dental_clinic"): "3 dentist|2 dental|2 dentistry|2 orthodont|2 zahnarzt",
        ("nonprofit", "nonprofit"): (
            "4 501 c 3|3 nonprofit|3 non-profit|2 not-for-profit|2 donate|2 volunteer|1 donation"
        ),
        ("software_company", "software_company"): (
            "2 software|2 saas |2 open source|2 software developer|1 api |2 source code|1 download"
            "|1 dependency manager|1 web app"
        ),
        ("accounting_firm", "accounting_firm"): (
            "3 accounting firm|3 bookkeeping|2 cpa |3 tax preparation|2 payroll services"
        ),
        ("insurance_agency", "insurance_agency"): (
            "3 insurance agency|2 insurance quote|2 auto insurance|2 home insurance|"
            "2 life insurance"
        ),
        ("construction", "construction"): (
            "3 general contractor|2 roofing|2 remodeling|2 home builder|2 plumbing|2 renovations"
        ),
    }
)
_TABLE: Final = tuple(
    (kind, category, tuple((float(entry[0]), entry[1:]) for entry in phrases.split("|")))
    for (kind, category), phrases in _PHRASES.items()
)
_TO_SPACES: Final = {ord(char): " " for char in ".,;:!?()[]{}\"'“”’/|&®™·•–—\n\t"}
REAL_ESTATE: Final = frozenset(
    ("association", "vacation_rental", "commercial", "residential", "multifamily", "brokerage")
)


@dataclass(frozen=True, slots=True)
class Trade:
    """A kind of firm: its type and category, the weighed count, its share of all counts (0 to 1),
    and where its best phrase stands in the text."""

    company_type: str
    category: str
    count: float
    share: float
    start: int
    end: int


def trades_of(text: str) -> list[Trade]:
    """The kinds that a page's text speaks of, strongest first; those under LEAST are left out."""
    low = f" {text.lower().translate(_TO_SPACES)} "
    counted = [(kind, category, *_count(low, phrases)) for kind, category, phrases in _TABLE]
    total = sum(count for _, _, count, _ in counted) or 1.0
    found = [
        Trade(kind, category, count, count / total, low.find(best), low.find(best) + len(best) - 1)
        for kind, category, count, best in counted
        if count >= LEAST
    ]
    return sorted(found, key=lambda trade: -trade.count)


def _count(low: str, phrases: tuple[tuple[float, str], ...]) -> tuple[float, str]:
    total, best, best_count = 0.0, "", 0.0
    for weight, phrase in phrases:
        if hits := low.count(phrase):
            counted = weight * min(hits, MOST)
            total += counted
            if counted > best_count:
                best, best_count = phrase, counted
    return total, best
