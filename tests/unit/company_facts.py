"""Facts of a company, and the record that they make."""

from typing import Any

from app.pipeline.company_record import resolve
from app.records.company import Company
from app.records.evidence import Absence, Evidence
from app.records.reading import Reading
from tests.factories import evidence

HOME = "https://maplegate.example/"
ABOUT = "https://maplegate.example/about"
CONTACT = "https://maplegate.example/contact"
UNKNOWN = Company(name="", domain="maplegate.example", website=HOME)


def seen(field: str, value: str, page: str = HOME, **given: Any) -> Evidence:
    """A fact in the text of a page."""
    given = {"method": "text", "confidence": 0.8, "quote": value, "rule": "test"} | given
    return evidence(field, value, source_url=page, **given)


def address(page: str = HOME, confidence: float = 0.8, **parts: str) -> list[Evidence]:
    quote = ", ".join(parts.values())
    return [
        seen(part, value, page, confidence=confidence, quote=quote, rule="address.text")
        for part, value in parts.items()
    ]


def link(vendor: str, page: str = HOME, confidence: float = 0.95) -> Evidence:
    return seen("pms_detected", vendor, page, confidence=confidence, method="link")


def said(vendor: str, page: str = HOME, confidence: float = 0.7) -> Evidence:
    return seen("pms_detected", vendor, page, confidence=confidence)


def resolved(*facts: Evidence, company: Company = UNKNOWN) -> Company:
    return resolve(company, facts, reading=Reading(pages=3))[0]


def absences(*facts: Evidence, pages_read: int = 3) -> dict[str, Absence]:
    found = resolve(UNKNOWN, facts, reading=Reading(pages=pages_read))[2]
    return {absence.field: absence for absence in found}
