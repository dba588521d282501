"""Personalization notes: one or two sentences for a letter, from evidence and nothing else."""

import re
from collections.abc import Sequence

from app.records.company import Company
from app.records.contact import Contact
from app.records.evidence import Evidence

MAX_QUOTE = 180

_SENTENCE = re.compile(r"(?<=[a-z0-9)\"”][.!?])\s+(?=[A-ZÀ-Þ\"“])")


def notes(contact: Contact, bio: Sequence[Evidence], company: Company) -> tuple[str, list[str]]:
    """The notes and what they rest on (fields of the contact or the company); "" for nothing.

    First who it is, then a sentence of the person's own biography, quoted, or else a fact about the
    company; last, whether the e-mail address is only inferred.
    """
    said: list[str] = []
    rest: list[str] = []
    firm = company.name or company.domain
    if contact.title and firm:
        said.append(f"{contact.title} at {firm.removesuffix('.')}.")
        rest.append("title")
    if quoted := _from_bio(bio):
        said.append(f"The site says: “{quoted}”")
        rest.append("bio")
    elif fact := _about(company):
        said.append(fact[0])
        rest.append(fact[1])
    if contact.email_status == "inferred":
        said.append("E-mail inferred, not published.")  # the file has no other column to say it in
        rest.append("email")
    return " ".join(said), rest


def _from_bio(bio: Sequence[Evidence]) -> str:
    """The first sentence of the biography, if it is short enough to quote whole."""
    for one in bio:
        first = _SENTENCE.split(one.value.strip())[0].strip()
        if 25 <= len(first) <= MAX_QUOTE and first[-1] in ".!?":
            return first
    return ""


def _about(company: Company) -> tuple[str, str] | None:
    firm = company.name or company.domain
    if not firm:
        return None
    if company.units_estimate:
        return f"{firm} states {company.units_estimate:,} units.", "units_estimate"
    if company.pms_detected:
        return f"{firm} uses {company.pms_detected}.", "pms_detected"
    return None
