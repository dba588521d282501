"""What the people extractor finds on a page, in a form that a test can read."""

from typing import NamedTuple

from app.extractors import Site
from app.extractors.people import EXTRACTOR
from tests.plugins.pages import facts

ACME = Site(domain="maplegate.example", name="Maplegate Realty")


class Found(NamedTuple):
    """A person as found: "" for what is not."""

    name: str
    title: str = ""
    email: str = ""
    phone: str = ""
    linkedin_url: str = ""


def people(html: str, path: str = "/about") -> list[Found]:
    """The people of a page, in order."""
    by_key: dict[str, dict[str, str]] = {}
    for fact in facts(EXTRACTOR, f"<html><body>{html}</body></html>", path, ACME):
        by_key.setdefault(fact.subject, {}).setdefault(fact.field, fact.value)
    return [
        Found(
            found.get("full_name", ""),
            found.get("title", ""),
            found.get("email", ""),
            found.get("phone", ""),
            found.get("linkedin_url", ""),
        )
        for found in by_key.values()
    ]


def names(html: str, path: str = "/about") -> list[str]:
    """The names of the people of a page, in order."""
    return [found.name for found in people(html, path)]
