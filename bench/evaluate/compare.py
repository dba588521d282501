"""When a found value and a labelled one are the same. The package's docstring states the rules."""

import hashlib
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

import cleanco
from rapidfuzz import fuzz

from app.records.criteria import category_name, folded, state_code
from app.records.person_name import folded_name, parse_person_name

NAME_RATIO, STREET_RATIO = 92, 90
MORE_WORDS = 3
HASHED: Final = "sha256:"

_SMALL_WORDS: Final = frozenset(("and", "of", "the", "for", "in", "a"))
_STREET_WORDS: Final = MappingProxyType(
    {
        "strasse": "st",
        "str": "st",
        "r": "rue",
        "av": "ave",
        "avd": "ave",
        "avda": "ave",
        "avenida": "ave",
        "bd": "blvd",
        "boul": "blvd",
        "c": "calle",
        "cra": "carrera",
        "pza": "plaza",
        "street": "st",
        "road": "rd",
        "avenue": "ave",
        "boulevard": "blvd",
        "drive": "dr",
        "lane": "ln",
        "court": "ct",
        "place": "pl",
        "parkway": "pkwy",
        "highway": "hwy",
        "suite": "ste",
        "north": "n",
        "south": "s",
        "east": "e",
        "west": "w",
    }
)
_UNIT = re.compile(
    r"(?:\b(?:suite|ste|unit|apt|flat|shop|level|office)\b\.?\s*#?\s*[\w-]{1,5}(?!\w)"
    r"|#\s?[\w-]{1,5}(?=\s?[-,]))(?:\s-(?=\s))?(?=.*[^\W\d]{3})"
    r"|(?<=\w)[\s,]+(?:suite|ste|unit|apt|flat|shop|level|office)\b\.?\s*#?\s*[\w-]{1,5}\s*$",
    re.IGNORECASE,
)
_STRASSE = re.compile(r"(?<=\w)(\w)(?:strasse|str)\b")
_KEYPAD: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_EXTENSION = re.compile(r"(?:\s*(?:ext\.?|x|/|\()\s*\d+\)?)+\s*$", re.IGNORECASE)


def same_text(found: str, label: str) -> bool:
    """Equal without case, accents and punctuation."""
    return folded(found) == folded(label)


def same_company(found: str, label: str) -> bool:
    """Equal without the legal form, or nearly so."""
    one, other = _company(found), _company(label)
    return one == other or fuzz.token_sort_ratio(one, other) >= NAME_RATIO


def _company(name: str) -> str:
    bare = str(cleanco.basename(name)) or name
    return folded(bare.replace("&", " and ")).removeprefix("the ")


def same_category(found: str, label: str) -> bool:
    """Equal in Sluice's words."""
    return category_name(found) == category_name(label)


def same_street(found: str, label: str) -> bool:
    """The same first number, and nearly the same words; a missing suite does not matter, nor
    whether it stands before the house number or after the street."""
    one, other = _street(found), _street(label)
    number, same = re.search(r"\d+", one), re.search(r"\d+", other)
    if (number and number[0]) != (same and same[0]):
        return False
    return fuzz.token_set_ratio(one, other) >= STREET_RATIO


def _street(text: str) -> str:
    text = _UNIT.sub(" ", re.sub(r"(?i)\bp\.?\s*o\.?\s*box", "pobox", text))
    words = _STRASSE.sub(r"\1 st ", folded(text)).split()
    return " ".join(_STREET_WORDS.get(word, word) for word in words)


def same_state(found: str, label: str) -> bool:
    """Equal as codes."""
    return state_code(found) == state_code(label)


def same_postcode(found: str, label: str) -> bool:
    """Equal letters and digits; of a ZIP+4 the first five."""
    one, other = (folded(text).replace(" ", "") for text in (found, label))
    return one == other or (one[:5] == other[:5] and {len(one), len(other)} == {5, 9})


def same_email(found: str, label: str) -> bool:
    """Equal in lower case, or by hash."""
    return _hashed(found.lower()) == label if label.startswith(HASHED) else _equal(found, label)


def same_phone(found: str, label: str) -> bool:
    """Equal as E.164 where the label is, by hash, or by the last nine digits."""
    if label.startswith(HASHED):
        return _hashed(found) == label
    if label.startswith("+") and label[1:].isdigit():
        return found == label
    return phone_digits(found)[-9:] == phone_digits(label)[-9:]


def phone_digits(text: str) -> str:
    """The digits of a number as printed, without extension and "(0)"; letters as on a keypad."""
    bare = _EXTENSION.sub("", text.replace("(0)", ""))
    return re.sub(r"\D", "", bare.upper().translate(_KEYPAD))


def _hashed(text: str) -> str:
    return HASHED + hashlib.sha256(text.encode()).hexdigest()


def _equal(found: str, label: str) -> bool:
    return found.casefold() == label.casefold()


def same_linkedin(found: str, label: str) -> bool:
    """The same profile under any host, scheme and spelling of its path."""
    return _profile(found) == _profile(label)


def _profile(url: str) -> str:
    parts = urlsplit(unquote(url).lower())
    number = parse_qs(parts.query).get("id", [""])[0]
    return f"{parts.path.strip('/')}?{number}"


def same_person(found: str, label: str) -> bool:
    """The same words; or the same last word with one given name among the other's words, its
    initial, or short for it."""
    one, other = _words(found), _words(label)
    if not one or not other:
        return False
    if {word for word in one if len(word) > 1} == {word for word in other if len(word) > 1}:
        return True
    if one[-1] != other[-1]:
        return False
    return one[0] in other or other[0] in one or _short(one[0], other[0])


def _words(name: str) -> list[str]:
    parsed = parse_person_name(name)
    return folded_name(parsed.full if parsed else name).split()


def _short(one: str, other: str) -> bool:
    brief, full = sorted((one, other), key=len)
    return full.startswith(brief) and len(brief) in (1, *range(3, len(full)))


def same_title(found: str, label: str) -> bool:
    """All its words and a few more, or more than half of them and no others; "Owners" of two people
    is "Owner" of each."""
    one, other = (_title_words(text) for text in (found, label))
    if other <= one:
        return len(one - other) <= MORE_WORDS
    return one <= other and 2 * len(one) > len(other)


def _title_words(title: str) -> set[str]:
    return {word.removesuffix("s") for word in folded(title).split()} - _SMALL_WORDS


SAME: Final[Mapping[str, Callable[[str, str], bool]]] = MappingProxyType(
    {
        "company_name": same_company,
        "category": same_category,
        "street": same_street,
        "state": same_state,
        "postcode": same_postcode,
        "company_linkedin": same_linkedin,
    }
)
"""How a field of one value is compared; those not named by `same_text`."""
