"""Street addresses and places: what can be compared of them, and how two of them compare."""

import re
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from rapidfuzz import fuzz

from app.pipeline._same_company.words import words
from app.records.criteria import folded

ALIKE = 84.0
"""rapidfuzz token_set_ratio (0 to 100) from which two streets are one street."""
NEXT_DOOR = 10
"""House numbers of one street that differ by no more are taken for one or the next house."""
NEAR, FAR = 0.15, 1.0
"""Kilometres: two places are near up to the first, and far from the second on."""

_NUMBER = re.compile(r"(\d+)(?!\d*(?:st|nd|rd|th|e|eme|er|a|o)\b)[a-z]?\b")
_GERMAN = re.compile(r"(?<=[a-z])(?:str|strasse)\b")
_EARTH = 6371.0
_MAX = 200


@dataclass(frozen=True, slots=True)
class Street:
    """`main`: the number that is the house's most likely. `first`: that, where the address begins
    with it. `numbers`: all that may be the house's. `text`: the words, abbreviations written out.
    `own`: those that are a name."""

    main: str
    first: str
    numbers: frozenset[str]
    text: str
    own: frozenset[str]


NOWHERE = Street("", "", frozenset(), "", frozenset())


def read_street(address: str) -> Street:
    """Number and street of an address line; rooms and floors are left out."""
    lexicon = words()
    line = _GERMAN.sub(" street", folded(address[:_MAX]))
    kept, skip = [], False
    for word in line.split():
        if skip and (len(word) < 3 or word[0].isdigit()):
            continue
        skip = word in lexicon.unit
        if not skip:
            kept.append(lexicon.street_spellings.get(word, word))
    numbers = [found.group(1) for word in kept if (found := _NUMBER.fullmatch(word))]
    text = [word for word in kept if not _NUMBER.fullmatch(word)]
    first = numbers[0] if numbers and kept[0].startswith(numbers[0]) else ""
    own = frozenset(word for word in text if word not in lexicon.street_kind)
    return Street(numbers[0] if numbers else "", first, frozenset(numbers), " ".join(text), own)


def compare_streets(a: Street, b: Street) -> str:
    """The id of the rule that two addresses meet; "" where one is not known."""
    if a == NOWHERE or b == NOWHERE:
        return ""
    same_street = _same_street(a, b)
    if not a.numbers or not b.numbers:
        return "street.no_number" if same_street else "street.other"
    same_number = a.first == b.first if a.first and b.first else bool(a.numbers & b.numbers)
    if same_number:
        return "street.same" if same_street else "street.same_number"
    if not same_street:
        return "street.other"
    return "street.next_door" if _next_door(a, b) else "street.other_number"


def _same_street(a: Street, b: Street) -> bool:
    if not a.own or not b.own:
        return fuzz.ratio(a.text, b.text) >= ALIKE or not (a.text and b.text)
    if a.own & b.own:
        return True
    return fuzz.token_set_ratio(" ".join(sorted(a.own)), " ".join(sorted(b.own))) >= ALIKE


def _next_door(a: Street, b: Street) -> bool:
    return abs(int(a.main) - int(b.main)) <= NEXT_DOOR


def compare_cities(a: str, b: str, *, is_all: bool) -> str:
    """The id of the rule that two folded cities meet; "" where one is not known, or where they are
    in two alphabets. A name with an addition is the same: "esslingen", "esslingen am neckar".
    `is_all`: nothing closer than the city is known of both."""
    if not a or not b or a.isascii() != b.isascii():
        return ""
    ones, others = set(a.split()), set(b.split())
    if ones <= others or others <= ones:
        return "city.same"
    return "city.elsewhere" if is_all else "city.other"


def postcode_key(postcode: str, country: str) -> str:
    """A postcode for comparison: without spaces and, in the US, without the four digits more."""
    key = folded(postcode).replace(" ", "")
    is_zip = country in ("", "US") and key.isdigit() and len(key) in (5, 9)
    return key[:5] if is_zip else key


def kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance of two (latitude, longitude) in degrees; the haversine formula."""
    (lat_a, lon_a), (lat_b, lon_b) = (tuple(map(radians, point)) for point in (a, b))
    half = sin((lat_b - lat_a) / 2) ** 2
    half += cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * _EARTH * asin(min(1.0, sqrt(half)))
