"""The company is in business: neither a source nor its home page says that it closed."""

import re
from collections.abc import Iterator

from app.checks import Check, CompanyFacts, Finding

_CLOSED = re.compile(
    r"permanently closed|(has|have) closed (its|our) doors|(is|are) (now )?(out of|no longer in)"
    r" business|ceased (all )?(operations|trading)|went out of business|closed for good"
    r"|(dauerhaft|endgültig) geschlossen|cerrado (permanentemente|definitivamente)",
    re.IGNORECASE,
)


def find(facts: CompanyFacts) -> Iterator[Finding]:
    """Invalid where a source says so; review where the home page seems to."""
    if "closed" in facts.company.disqualifiers:
        yield Finding("invalid", "closed", "a source says that it is closed for good")
    elif closed := _CLOSED.search(facts.home):
        yield Finding("review", "seems_closed", f"the home page says: {closed[0]}")


CHECK = Check(CompanyFacts, find)
