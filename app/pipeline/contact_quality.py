"""How useful a contact is for outreach: 0 to 100, the sum of stated parts.

title             20   the job title is known
decision_maker    20   owner, c_suite, vp, director; 12 for a manager
email             25   published; 10 inferred
phone             10   a number of the person's own
linkedin          10   a profile that the company links
wanted_title      10   the title is one of those asked for
corroborated       5   named on two pages or more, or in structured data
"""

from collections.abc import Mapping, Sequence

from app.pipeline.title_rules import TitleClass, classify_title
from app.records.contact import Contact
from app.records.person_name import folded_name

PARTS: Mapping[str, int] = {
    "title": 20,
    "decision_maker": 20,
    "email": 25,
    "phone": 10,
    "linkedin": 10,
    "wanted_title": 10,
    "corroborated": 5,
}
MANAGER, INFERRED = 12, 10

_DECIDES = frozenset(("owner", "c_suite", "vp", "director"))


def quality_parts(
    contact: Contact, titles_wanted: Sequence[str], *, corroborated: bool
) -> dict[str, int]:
    """Points by part, without the parts that give none."""
    decides = PARTS["decision_maker"] if contact.seniority in _DECIDES else 0
    parts = {
        "title": PARTS["title"] if contact.title else 0,
        "decision_maker": MANAGER if contact.seniority == "manager" else decides,
        "email": {"published": PARTS["email"], "inferred": INFERRED}.get(contact.email_status, 0),
        "phone": PARTS["phone"] if contact.phone else 0,
        "linkedin": PARTS["linkedin"] if contact.linkedin_url else 0,
        "wanted_title": PARTS["wanted_title"] if is_wanted(contact.title, titles_wanted) else 0,
        "corroborated": PARTS["corroborated"] if corroborated else 0,
    }
    return {name: points for name, points in parts.items() if points}


def is_wanted(title: str, titles_wanted: Sequence[str]) -> bool:
    """Whether a title is one of those asked for: it holds all its words, or both mean the same
    department and seniority ("CEO" and "Chief Executive Officer")."""
    if not title:
        return False
    held, known = set(folded_name(title).split()), classify_title(title)
    for wanted in titles_wanted:
        asked = folded_name(wanted).split()
        if asked and (set(asked) <= held or _same_class(classify_title(wanted), known)):
            return True
    return False


def _same_class(asked: TitleClass, known: TitleClass) -> bool:
    return bool(asked.department and asked.seniority) and (
        (asked.department, asked.seniority) == (known.department, known.seniority)
    )
