"""A person at a company of a run."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Contact:
    """One row per (company, person key). Empty string = not known.

    `email_status`: published (a page shows it for this person), inferred (from the pattern of two
    or more published addresses of the same domain), none. `quality_score` is 0 to 100 and is the
    sum of `quality_parts` (part name -> points).
    """

    key: str
    full_name: str
    title: str = ""
    email: str = ""
    email_status: str = "none"
    phone: str = ""
    linkedin_url: str = ""
    department: str = ""
    seniority: str = ""
    quality_score: int = 0
    quality_parts: dict[str, int] = field(default_factory=dict)
    personalization_notes: str = ""
