"""Facts about people, as the people extractor gives them."""

from typing import Any

from app.records.evidence import Evidence
from app.records.person_name import person_key
from tests.factories import evidence

TEAM = "https://maplegate.example/team"
ABOUT = "https://maplegate.example/about"
CONTACT = "https://maplegate.example/contact"


def fact(who: str, field: str, value: str, page: str = TEAM, **given: Any) -> Evidence:
    """A fact in the text of a page about the person of this name ("" for the company)."""
    given = {"method": "text", "confidence": 0.9, "quote": value, "rule": "test"} | given
    return evidence(field, value, subject=person_key(who) if who else "", source_url=page, **given)


def named(who: str, page: str = TEAM, **facts: str) -> list[Evidence]:
    """A person on a page, with other facts by field."""
    return [fact(who, "full_name", who, page)] + [
        fact(who, field, value, page) for field, value in facts.items()
    ]
