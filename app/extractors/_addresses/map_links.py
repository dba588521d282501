"""The address that a page's link to a map, or the map itself, is about."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qs, unquote_plus, urlsplit

from app.crawl.document import Document
from app.extractors._addresses.american import read_address
from app.extractors._addresses.postal import Address

MOST_LINKS: Final = 400

_MAP = re.compile(
    r"//(?:(?:www\.)?google\.[a-z.]{2,6}/maps|maps\.google\.[a-z.]{2,6}/|maps\.apple\.com/)"
)
_ASKED: Final = ("q", "query", "daddr", "destination", "address")
_PLACE = re.compile(r"/maps/(?:place|search|dir)/+([^/@?]{8,160})")


def mapped_address(document: Document) -> Address | None:
    """The one address that the maps of a page show; None where they show none, or several."""
    found: dict[tuple[str, str], Address] = {}
    for link in document.links[:MOST_LINKS]:
        if _MAP.search(link.url):
            for words in _asked(link.url):
                if (address := read_address(words)) and address.street:
                    key = (address.street.lower(), address.city.lower())
                    found.setdefault(key, replace(address, quote=link.url[:240]))
    return next(iter(found.values())) if len(found) == 1 else None


def _asked(url: str) -> Iterator[str]:
    """The words that a map is asked for."""
    if place := _PLACE.search(url):
        yield unquote_plus(place[1])
    query = parse_qs(urlsplit(url).query)
    for name in _ASKED:
        yield from query.get(name, [])
