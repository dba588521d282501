"""Postal addresses in text: of the United States and Canada here, all others from next door.

An address is found by its end, which has a fixed form (state and ZIP code, province and postal
code), and read backwards: city, then street, over up to four lines.
"""

import re
from collections.abc import Iterator
from typing import Final

from app.extractors._addresses.commonwealth import find_commonwealth
from app.extractors._addresses.continental import find_continental
from app.extractors._addresses.postal import Address
from app.extractors._addresses.streets import (
    IS_STREET,
    NO_CITY,
    SUFFIX,
    UNIT,
    street_and_city,
    tidy,
)
from app.records._places import country_code, state_code, state_country

MAX_ADDRESSES = 40

_ZIP = re.compile(r"\d(?<![\d$.,#-]\d)\d{4}(?:-\d{4})?(?![\d,]\d|\d)")
_POSTAL = re.compile(
    r"[ABCEGHJ-NPRSTVXY](?<!\w[A-Z])\d[ABCEGHJ-NPRSTV-Z] ?\d[ABCEGHJ-NPRSTV-Z]\d\b"
)
_STATE_BEFORE = re.compile(r"([A-Za-z][A-Za-z.]*(?:[^\S\n]+[A-Za-z.]+){0,2})[\s.,|]{0,4}$")
_SHORT_STATES: Final = {
    "calif": "CA", "colo": "CO", "conn": "CT", "fla": "FL", "ill": "IL", "mass": "MA",
    "mich": "MI", "minn": "MN", "penn": "PA", "penna": "PA", "tenn": "TN", "tex": "TX",
    "wash": "WA", "wis": "WI", "ont": "ON", "que": "QC", "alta": "AB", "sask": "SK", "man": "MB",
}  # fmt: skip

_CITY_AND_STATE = re.compile(
    r"(?P<city>[A-Z](?<![A-Za-zÀ-ÿ.'’\-].)[A-Za-zÀ-ÿ.'’\-]{1,40}(?: [A-Z]"
    r"[A-Za-zÀ-ÿ.'’\-]{1,40}){0,2})"
    r"(?=, ?(?P<state>[A-Z]{2}|[A-Z][a-z]+(?: [A-Z][a-z]+)?)(?![\w-]))"
)
_STATE_LAST = re.compile(r" [A-Z]{2}[ \t]*$", re.MULTILINE)
_CITY_THEN_STATE = re.compile(
    r"(?P<city>[A-Z][a-zÀ-ÿ.'’\-]{1,40}(?: [A-Z][a-zÀ-ÿ.'’\-]{1,40}){0,2}) (?P<state>[A-Z]{2})"
    r"[ \t]*$",
    re.MULTILINE,
)
_PROVINCES: Final = {
    "A": "NL", "B": "NS", "C": "PE", "E": "NB", "G": "QC", "H": "QC", "J": "QC", "K": "ON",
    "L": "ON", "M": "ON", "N": "ON", "P": "ON", "R": "MB", "S": "SK", "T": "AB", "V": "BC",
    "Y": "YT",
}  # fmt: skip
"""The province of a Canadian postal code by its first letter."""
_CODE_FOLLOWS = re.compile(r"[\s.,]*(?:\d{5}|[A-Z]\d[A-Z])")
_LONE_STREET = re.compile(
    r"(?:^|\b(?i:located at|visit us at|address|office)\b:?[ \t]{1,3})"
    rf"(?P<street>\d{{1,5}} (?:[NSEW]\.? )?(?:[A-Z0-9][\w'’-]* ){{1,3}}(?i:{SUFFIX})\b\.?"
    rf"(?:,? {UNIT})?)"
    r"(?=[.,;]?(?: on the | in | \(|$))",
    re.MULTILINE,
)
_NAMED_CITIES: Final = frozenset(
    ("Baltimore City", "New York City", "St. Louis City", "Richmond City")
)


def address_of_parts(
    *, street: str, city: str, state: str, postcode: str, country: str
) -> Address | None:
    """An address whose parts structured data gives; None when there is nothing to keep."""
    words = ", ".join(
        part for part in (street, city, f"{state} {postcode}".strip(), country) if part
    )
    whole = read_address(street) if not postcode else None
    if whole and whole.city:
        return whole
    if not (street or city or postcode):
        return None
    code = _state(state)
    known = country_code(country) or state_country(code)
    if state_country(code) != known and state_country(code):
        code = state
    return Address(tidy(street), tidy(city), code or state, postcode.upper(), known, words)


def read_address(text: str) -> Address | None:
    """The first address in a short text, or None."""
    return next(find_addresses(text), None)


def find_addresses(text: str) -> Iterator[Address]:
    """The addresses in a page's text, in document order, at most MAX_ADDRESSES."""
    found = [
        *_north_american(text),
        *find_commonwealth(text),
        *find_continental(text),
        *_without_code(text),
    ]
    coded = {address.start for address in found if address.postcode}
    found = [address for address in found if address.postcode or address.start not in coded]
    seen: set[tuple[str, str, str]] = set()
    for address in sorted(found, key=lambda one: (one.start, not one.postcode))[
        : 2 * MAX_ADDRESSES
    ]:
        key = (address.street.lower().strip("."), address.city.lower(), address.state)
        if key not in seen:
            seen.add(key)
            yield address


def cities_with_state(text: str) -> Iterator[tuple[str, str, str]]:
    """(city, state code, words) for every "City, ST" of the United States and Canada."""
    for match in _CITY_AND_STATE.finditer(text):
        code = _state(match["state"])
        if code and not NO_CITY.match(match["city"]) and not match["city"].isupper():
            yield _town(match["city"]), code, f"{match['city']}, {match['state']}"


def lone_street(text: str) -> str:
    """The only street that the text prints after "located at" and the like, or on a line of its
    own; "" where there are several."""
    found = {tidy(match["street"]).rstrip(".") for match in _LONE_STREET.finditer(text)}
    return found.pop() if len(found) == 1 else ""


def _town(city: str) -> str:
    """A city without the word that tells it from its county or state."""
    return city.removesuffix(" City") if city in _NAMED_CITIES else city


def _state(text: str) -> str:
    """The code of a US or Canadian state, or ""."""
    code = _SHORT_STATES.get(text.strip(" .").lower()) or state_code(text)
    return code if state_country(code) else ""


def _state_at_end(text: str) -> tuple[str, int]:
    """The state that `text` ends with, and where it starts; ("", -1) for none.

    Two small letters are words ("in", "or"), not states.
    """
    match = _STATE_BEFORE.search(text)
    if match is None:
        return "", -1
    words = list(re.finditer(r"\S+", match[1]))
    for count in range(len(words), 0, -1):
        start = match.start(1) + words[-count].start()
        name = text[start : match.end(1)]
        if name[0].isupper() and not (len(name) == 2 and not name.isupper()):
            code = _state(name)
            if code:
                return code, start
    return "", -1


def _north_american(text: str) -> Iterator[Address]:
    for pattern, country in ((_ZIP, "US"), (_POSTAL, "CA")):
        for match in list(pattern.finditer(text))[:MAX_ADDRESSES]:
            window = max(0, match.start() - 160)
            before = re.sub(r"[\s,.]*\bCanada[\s,]*$", "", text[window : match.start()])
            state, at = _state_at_end(before)
            if not state and country == "CA":
                after = _state_after(text[match.end() : match.end() + 30])
                state, at = after or _PROVINCES.get(match[0][0], ""), len(before)
            if state_country(state) != country and not (country == "US" and state == "PR"):
                continue
            street, city, begin = street_and_city(text[window : window + at])
            if not city:
                continue
            code = match[0].upper() if country == "US" else _canadian(match[0])
            quote = " ".join(text[window + begin : match.end()].split())
            yield Address(street, city, state, code, country, quote, window + begin)


def _state_after(text: str) -> str:
    """The province behind a postal code ("V7P 1B3 BC")."""
    found = re.match(r"[\s,]*([A-Z]{2}|[A-Z][a-z]+(?: [A-Z][a-z]+)?)\b", text)
    return _state(found[1]) if found else ""


def _canadian(code: str) -> str:
    plain = code.replace(" ", "").upper()
    return f"{plain[:3]} {plain[3:]}"


def _without_code(text: str) -> Iterator[Address]:
    """Street, city and state without ZIP code: only with a street before the city."""
    bare = _CITY_THEN_STATE.finditer(text) if _STATE_LAST.search(text) else ()
    both = [
        *list(_CITY_AND_STATE.finditer(text))[: 4 * MAX_ADDRESSES],
        *list(bare)[:MAX_ADDRESSES],
    ]
    for match in both:
        code, end = _state(match["state"]), match.end("state")
        if not code or _CODE_FOLLOWS.match(text, end):
            continue
        window = max(0, match.start() - 120)
        street, city, begin = street_and_city(text[window : match.end("city")])
        if street and city and IS_STREET.search(street):
            quote = " ".join(text[window + begin : end].split())
            country = state_country(code)
            yield Address(street, city, code, "", country, quote, window + begin)
