"""Addresses from sitemaps (sitemaps.org): where links do not lead, these may."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlsplit

from app.crawl import Fetcher
from app.crawl.charset import decode
from app.crawl.domains import same_site
from app.crawl.inflate import gunzip
from app.crawl.urls import absolute
from app.errors import RequestError
from app.records.page import Page

MAX_FILES = 4
MAX_ADDRESSES = 5_000
MAX_BYTES = 5_000_000

_LOCATION = re.compile(r"<loc>\s*(?:<!\[CDATA\[)?\s*([^<\]\s]{1,2000})", re.IGNORECASE)
_INDEX = re.compile(r"<sitemapindex", re.IGNORECASE)
_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S{1,2000})", re.IGNORECASE | re.MULTILINE)
_PAGES_FIRST = re.compile(r"page", re.IGNORECASE)


async def sitemap_urls(fetcher: Fetcher, home: str) -> list[str]:
    """The addresses of the site's own sitemaps, in their order, at most MAX_ADDRESSES.

    Those that robots.txt names, else /sitemap.xml; an index is opened one level deep, files about
    pages first. What cannot be fetched is passed over.
    """
    queue = (await _named_by_robots(fetcher, home))[:2] or [absolute(home, "/sitemap.xml")]
    found: dict[str, None] = {}
    left = MAX_FILES
    opened = False
    while queue and left and len(found) < MAX_ADDRESSES:
        left -= 1
        page = await _fetch(fetcher, queue.pop(0))
        if page is None:
            continue
        text = decode(gunzip(page.body, MAX_BYTES), page.charset)
        urls = list(_locations(text, page.url, home))
        if _INDEX.search(text[:2_000]):
            ordered = sorted(urls, key=lambda url: not _PAGES_FIRST.search(urlsplit(url).path))
            queue += [] if opened else ordered
            opened = True
        else:
            found.update(dict.fromkeys(urls))
    return list(found)[:MAX_ADDRESSES]


async def _named_by_robots(fetcher: Fetcher, home: str) -> list[str]:
    page = await _fetch(fetcher, absolute(home, "/robots.txt"))
    text = decode(page.body, page.charset) if page else ""
    urls = (absolute(home, line[1]) for line in _LINE.finditer(text))
    return [url for url in dict.fromkeys(urls) if url and same_site(url, home)]


async def _fetch(fetcher: Fetcher, url: str) -> Page | None:
    try:
        return await fetcher.fetch(url)
    except RequestError:
        return None


def _locations(text: str, base: str, home: str) -> Iterator[str]:
    """Addresses of an XML sitemap, or of a plain list with one per line."""
    if "<" in text[:200]:
        named = (unescape(found[1]) for found in _LOCATION.finditer(text))
    else:
        named = (line for line in text.splitlines() if "://" in line)
    for count, location in enumerate(named):
        if count >= MAX_ADDRESSES:
            return
        url = absolute(base, location)
        if url and same_site(url, home):
            yield url
