"""A row of a source as a company with evidence for each of its values."""

from collections.abc import Iterable
from datetime import datetime

from app.pipeline.outcomes import Found
from app.records.company import Company
from app.records.evidence import Evidence

MAX_CELL = 500
MAX_QUOTE = 300
_EVIDENCED = (
    "name",
    "domain",
    "website",
    "street",
    "city",
    "state",
    "postcode",
    "country",
    "phone",
    "category",
    "discovery_source",
)


def found(company: Company, quote: str, confidence: float, now: datetime) -> Found:
    """`company` with evidence; `source_ref` is the address, the source's name makes the rule id."""
    rule = f"source.{company.discovery_source}"
    facts = []
    for column in _EVIDENCED:
        value = getattr(company, column)
        if value:
            field = "company_name" if column == "name" else column
            facts.append(
                Evidence(field, value, company.source_ref, quote, "source", confidence, rule, now)
            )
    return Found(company, tuple(facts))


def cell(text: str) -> str:
    """One line of printable text, at most 500 characters."""
    if not text.isprintable():
        text = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(text[: 2 * MAX_CELL].split())[:MAX_CELL]


def shortened(cells: Iterable[str]) -> str:
    """The cells that are not empty, as a quote of at most 300 characters."""
    text = "; ".join(text for text in map(cell, cells) if text)
    return text if len(text) <= MAX_QUOTE else text[: MAX_QUOTE - 1] + "…"
