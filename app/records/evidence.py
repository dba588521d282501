"""Evidence: one fact with where it was seen. Absence: why a field has none."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Method = Literal["source", "structured", "link", "text", "inferred", "rule"]
"""How a fact was found, strongest first within a page: a source's row, structured data (JSON-LD,
microdata, vCard), a link's address, visible text, inference from other facts, a stated rule."""

AbsenceKind = Literal["not_looked", "not_found", "blocked", "failed", "conflicting", "withheld"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact: `field` has `value`, seen at `source_url` in the words `quote`.

    `field` is a column of companies or contacts. `subject` is empty for the company itself and the
    key of a person (app.records.person_name.person_key) for facts about a person. `rule` is the
    stable id of what found it, for example "software.buildium.link". `confidence` is 0 to 1.
    """

    field: str
    value: str
    source_url: str
    quote: str
    method: Method
    confidence: float
    rule: str
    seen_at: datetime
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Absence:
    """Why a field is empty. `detail` says it to a person in a few words."""

    field: str
    kind: AbsenceKind
    detail: str
    subject: str = ""
