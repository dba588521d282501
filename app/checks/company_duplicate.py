"""The run does not have the company already, under another domain or spelling."""

from collections.abc import Iterator

from app.checks import Check, CompanyFacts, Finding
from app.pipeline.same_company import decide, place_of
from app.records.verdict import Verdict

SURE = 0.95
_SAME_NAME = frozenset({"name.same", "name.close", "name.begins"})


def find(facts: CompanyFacts) -> Iterator[Finding]:
    """Invalid where it is surely one found before, review where it is probably. With another name
    it is a remark: sites made from one template share phone and address."""
    for other in facts.earlier:
        match = decide(place_of(other), place_of(facts.company))
        if match.same:
            found = f"{other.name[:60]} ({other.domain or other.city or 'no domain'})"
            named = not _SAME_NAME.isdisjoint(match.reasons)
            sure = named and match.confidence >= SURE
            doubt: Verdict = "review" if named else "valid"
            yield Finding(
                "invalid" if sure else doubt,
                "duplicate" if sure else "perhaps_duplicate",
                f"{'the same' if sure else 'perhaps the same'} as {found}:"
                f" {', '.join(match.reasons)}",
            )
            return


CHECK = Check(CompanyFacts, find)
