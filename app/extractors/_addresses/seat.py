"""Where the firm is, as far as a page without a whole address tells it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from app.crawl.document import Document
from app.extractors._addresses.american import cities_with_state, lone_street
from app.extractors._addresses.region import (
    country_at_ends,
    country_at_home,
    country_of_host,
    country_of_numbers,
)
from app.extractors._facts import (
    framing_lines,
    in_frame,
    is_about,
    is_entry,
    quote_around,
    readable,
)
from app.records._places import country_code, state_code, state_country, states_as_written

MAX_LINE = 120

_AMBIGUOUS: Final = frozenset(("DC", "GA", "NY", "VA", "WA", "VI"))
"""Named like a city, a country or a person."""
_STATE_NAMES: Final = re.compile(
    "|".join(
        rf"\b{name}\b"
        for name, code in sorted(states_as_written().items(), reverse=True)
        if code not in _AMBIGUOUS
    ).replace("Quebec", "Qu[eé]bec")
)
_CITY = r"[A-Z][a-zÀ-ÿ.'’]{1,30}(?:[ -][A-Z][a-zÀ-ÿ.'’]{1,30}){0,2}?"
_FIRM = (
    r"(?:firm|company|practice|studio|agency|team|brokerage|nonprofit|charity|business"
    r"|organi[sz]ation)"
)
_BASED = re.compile(
    rf"(?<![\w-])(?P<city>{_CITY})-based (?:[\w&-]{{1,20}},? ){{0,8}}?{_FIRM}\b"
    rf"|\b(?:[Ww]e are|{_FIRM})\b[^.\n]{{0,60}}? (?:based|headquartered) in (?P<town>{_CITY})(?="
    rf"[,.;]|$| and )"
    r"|\b(?:con sede en|mit Sitz in|basée? à|con sede a|gevestigd in) "
    rf"(?P<abroad>{_CITY})(?=[,.;)]|$| [a-z])",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Seat:
    """Parts of a place, the words that hold them, how sure (0 to 1), and the rule."""

    street: str
    city: str
    state: str
    country: str
    quote: str
    confidence: float
    rule: str


def seats(document: Document) -> Iterator[Seat]:
    """The place in the title or description; on the first page and those about the firm also the
    city that it says it is based in, the place in header or footer, the state that the text names
    most, or the country alone."""
    tells_of_itself = is_entry(document) or is_about(document)
    country, quote = country_told(document)
    if country and tells_of_itself:
        yield Seat("", "", "", country, quote, 0.35, "place.country")
    if tells_of_itself:
        yield from _based(readable(document), country)
    if country not in ("", "US", "CA"):
        return
    street = lone_street(readable(document)) if tells_of_itself else ""
    for words in (document.title, document.description):
        for city, state, quote in cities_with_state(words):
            yield _seat(street, city, state, quote, 0.5, "title")
            return
    if tells_of_itself:
        yield from _framed(document, street) or _mentioned(readable(document))


def _based(text: str, country: str) -> list[Seat]:
    """The one city that the text says the firm is based in ("a Boise-based law firm")."""
    hits = list(_BASED.finditer(text))[:20]
    cities = {hit["city"] or hit["town"] or hit["abroad"]: hit for hit in hits}
    named = {city for city in cities if country_code(city) or city in states_as_written()}
    if len(cities) != 1 or named:
        return []
    city, hit = cities.popitem()
    quote = quote_around(text, hit.start(), hit.end())
    return [Seat("", city.strip("."), "", country, quote, 0.42, "place.based")]


def country_told(document: Document) -> tuple[str, str]:
    """(country, the words that tell it): the domain's ending, else the numbers in international
    form, lines that end with it, area codes of North America; ("", "") where nothing tells."""
    if country := country_of_host(document.url):
        return country, urlsplit(document.url).hostname or ""
    text = readable(document)
    for tell in (country_of_numbers, country_at_ends, country_at_home):
        country, quote = tell(text)
        if country:
            return country, quote
    return "", ""


def _seat(street: str, city: str, state: str, quote: str, sure: float, rule: str) -> Seat:
    if street:
        quote, sure = f"{street} | {quote}", sure + 0.1
    return Seat(street, city, state, state_country(state), quote, sure, f"place.{rule}")


def _framed(document: Document, street: str) -> list[Seat]:
    """The one city that header and footer name."""
    lines = framing_lines(readable(document))
    frame = "\n".join(line for line in lines if len(line) <= MAX_LINE)
    found = {(city, state): quote for city, state, quote in cities_with_state(frame)}
    return [
        _seat(street, city, state, quote, 0.45, "frame")
        for (city, state), quote in found.items()
        if len(found) == 1
    ]


def _mentioned(text: str) -> list[Seat]:
    """The state that two thirds of the names of states are, if more than one tells it, or a short
    line of header or footer."""
    hits = list(_STATE_NAMES.finditer(text))
    codes = [state_code(hit[0]) for hit in hits]
    best = max(codes, key=codes.count, default="")
    if not best or codes.count(best) * 3 < len(codes) * 2:
        return []
    hit = hits[codes.index(best)]
    quote = quote_around(text, hit.start(), hit.end())
    if codes.count(best) == 1 and not (len(quote) <= MAX_LINE and in_frame(text, hit.start())):
        return []
    return [_seat("", "", best, quote, 0.4, "mentions")]
