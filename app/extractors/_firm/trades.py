"""What kind of firm a page speaks of: counted phrases, with the line that says it best.

Each phrase has a weight; a phrase counts at most five times, so that one repeated word does not
decide alone. A phrase begins at the beginning of a word; punctuation counts as space. The kinds of
real estate firms are those that property software is sold to; other trades are named so that they
can be told apart.
"""

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from app.extractors._firm.trade_words import LEFT_OUT, PHRASES

MOST = 5
LEAST = 4.0
BEGIN = 5


def _begin(phrase: str) -> str:
    """What the first word of a text's phrase begins with: BEGIN letters, or the whole word if it is
    shorter; "" where that word may go on."""
    word, gap, _ = phrase.partition(" ")
    return word[:BEGIN] if gap or len(word) >= BEGIN else ""


_TABLE: Final = tuple(
    (
        kind,
        category,
        tuple((float(entry[0]), _begin(entry[2:]), entry[1:]) for entry in phrases.split("|")),
    )
    for (kind, category), phrases in PHRASES.items()
)
_MANAGE: Final = (
    r" (?:manag(?:e|es|ed|ing|ement of)|look(?:s|ing)? after|tak(?:e|es|ing) care of"
    r"|administra(?:mos|n|r|ción de)|gestiona(?:mos|n|r)|verwalten|gérons|gerimos|gestiamo)"
    r" (?:[^ ]+ +){0,4}?"
)
_MANAGED: Final = MappingProxyType(
    {
        "residential": re.compile(
            _MANAGE
            + r"(?:homes|houses|apartments|apartment buildings|duplexes|rentals|doors|casas|"
            r"departamentos|viviendas|pisos|alquileres|wohnungen|wohneinheiten|mietshäuser|miethäuser|"
            r"logements|appartements|imóveis|appartamenti) "
        ),
        "vacation_rental": re.compile(
            _MANAGE
            + r"(?:cabins|cottages|chalets|villas|beach houses|vacation homes|holiday homes|"
            r"alojamientos|ferienhäuser|ferienwohnungen|gîtes) "
        ),
    }
)
_MANAGED_WEIGHT: Final = 4.0
"""A firm that says it manages dwellings, in whatever words between."""

_TYPES: Final = MappingProxyType(
    {
        "attorney": "law_firm",
        "legalservice": "law_firm",
        "notary": "law_firm",
        "dentist": "dental_clinic",
        "accountingservice": "accounting_firm",
        "insuranceagency": "insurance_agency",
        "generalcontractor": "construction",
        "roofingcontractor": "construction",
        "plumber": "construction",
        "apartmentcomplex": "multifamily",
        "ngo": "nonprofit",
        "physician": "medical_clinic",
        "medicalclinic": "medical_clinic",
        "veterinarycare": "veterinary_clinic",
        "employmentagency": "staffing_agency",
        "church": "church",
        "catholicchurch": "church",
        "placeofworship": "church",
        "hotel": "hotel",
        "bedandbreakfast": "hotel",
        "governmentoffice": "government",
    }
)
"""Type of schema.org, in lower case -> company_type. RealEstateAgent is left out: managers of
property call themselves that too."""

_TO_SPACES: Final = ".,;:!?()[]{}\"'“”’/|&®™·•–—\n\t"
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


def trades_of(text: str, headline: str = "") -> list[Trade]:
    """The kinds that a page's text speaks of, strongest first; those under LEAST are left out.

    `headline`: the beginning of `text` that says what the firm is (title, description,
    first heading); phrases of weight 2 and more count twice there.
    """
    low, head = _plain(text), _plain(headline)
    begins = {"", *(word[:BEGIN] for word in low.split())}
    counted = []
    for kind, category, phrases in _TABLE:
        said, above = low, head
        if other := LEFT_OUT.get(kind):
            said, above = other.sub(" ", low), other.sub(" ", head)
        count, best = _count(said, above, phrases, begins)
        if (pattern := _MANAGED.get(kind)) and (managed := pattern.findall(said)):
            hits = len(managed[: MOST - 1]) + bool(pattern.search(above))
            count, best = count + _MANAGED_WEIGHT * hits, best or managed[0]
        counted.append((kind, category, count, best))
    total = sum(count for _, _, count, _ in counted) or 1.0
    found = [
        Trade(kind, category, count, count / total, low.find(best), low.find(best) + len(best) - 1)
        for kind, category, count, best in counted
        if count >= LEAST
    ]
    return sorted(found, key=lambda trade: -trade.count)


def trade_of_type(name: str) -> tuple[str, str] | None:
    """(company_type, category) of a type of schema.org; None where it tells too little."""
    wanted = _TYPES.get(name.rpartition("/")[2].lower(), "")
    return next((key for key in PHRASES if key[0] == wanted), None)


def _plain(text: str) -> str:
    text = text.lower()
    for char in _TO_SPACES:
        text = text.replace(char, " ")
    return f" {text} "


def _count(
    low: str, head: str, phrases: tuple[tuple[float, str, str], ...], begins: set[str]
) -> tuple[float, str]:
    """(weighed count, best phrase); (0, "") where only phrases of weight 1 are found."""
    total, best, best_count, telling = 0.0, "", 0.0, False
    for weight, begin, phrase in phrases:
        if begin in begins and (hits := low.count(phrase)):
            again = weight > 1 and phrase in head
            counted = weight * (min(hits, MOST) + again)
            total += counted
            telling = telling or weight > 1
            if counted > best_count:
                best, best_count = phrase, counted
    return (total, best) if telling else (0.0, "")
