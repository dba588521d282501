"""Extractors: a page -> evidence. An extractor is one file here that exports `EXTRACTOR`.

An extractor is pure: no network, no clock, no database; bounded work on hostile input; the same
page gives the same evidence in the same order.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from app.crawl.document import Document
from app.records.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Site:
    """What is known of the site while one of its pages is read.

    `domain`: registrable domain of the company. `name`: company name from the source or empty.
    `country`: two-letter code or empty, the default region of phone numbers.
    """

    domain: str
    name: str = ""
    country: str = "US"


class Extractor(Protocol):
    """What a file exports as EXTRACTOR."""

    def __call__(self, document: Document, site: Site) -> Iterable[Evidence]:
        """The facts on this page. `seen_at` is the page's fetched_at."""
