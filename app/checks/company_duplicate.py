"""The run does not have the company already, under another domain or spelling.

A remark and no more: discovery leaves out rows that are one company, by what the sources say. What
research has found of the others by now depends on who was faster, and may not decide.
"""

from collections.abc import Iterator

from app.checks import Check, CompanyFacts, Finding
from app.pipeline.same_company import decide, place_of


def find(facts: CompanyFacts) -> Iterator[Finding]:
    """A remark on the first company found before that is probably the same."""
    for other in facts.earlier:
        match = decide(place_of(other), place_of(facts.company))
        if match.same:
            found = f"{other.name[:60]} ({other.domain or other.city or 'no domain'})"
            reason = f"perhaps the same as {found}: {', '.join(match.reasons)}"
            yield Finding("valid", "perhaps_duplicate", reason)
            return


CHECK = Check(CompanyFacts, find)
