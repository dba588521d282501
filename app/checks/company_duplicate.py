"""The run does not have the company already, under another domain or spelling."""

from collections.abc import Iterator

from app.checks import Check, CompanyFacts, Finding
from app.pipeline.same_company import decide, place_of

SURE = 0.95


def find(facts: CompanyFacts) -> Iterator[Finding]:
    """Invalid where it is surely one found before, review where it is probably."""
    for other in facts.earlier:
        match = decide(place_of(other), place_of(facts.company))
        if match.same:
            found = f"{other.name[:60]} ({other.domain or other.city or 'no domain'})"
            sure = match.confidence >= SURE
            yield Finding(
                "invalid" if sure else "review",
                "duplicate" if sure else "perhaps_duplicate",
                f"{'the same' if sure else 'perhaps the same'} as {found}:"
                f" {', '.join(match.reasons)}",
            )
            return


CHECK = Check(CompanyFacts, find)
