"""Pages for the tests of extractors."""

from datetime import UTC, datetime

from app.crawl.document import Document
from app.extractors import Extractor, Site
from app.records.evidence import Evidence
from app.records.page import Page

SEEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SITE = Site(domain="maplegate.example")


def a_document(html: str, path: str = "/", host: str = "www.maplegate.example") -> Document:
    """A page of a site, as if it had just been fetched."""
    body = html.encode()
    return Document(Page(f"https://{host}{path}", 200, "text/html", "utf-8", body, SEEN))


def facts(
    extractor: Extractor, html: str, path: str = "/", site: Site = SITE
) -> tuple[Evidence, ...]:
    """What an extractor finds on a page."""
    return tuple(extractor(a_document(html, path), site))


def values(found: tuple[Evidence, ...], field: str) -> list[str]:
    """The values of one field, in order."""
    return [fact.value for fact in found if fact.field == field]
