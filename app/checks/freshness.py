"""The person was seen lately. People change jobs: about one in five or six every year."""

from collections.abc import Iterator

from app.checks import Check, ContactFacts, Finding

AGED, OLD = 180, 730
"""Days since a page showed the person."""


def find(facts: ContactFacts) -> Iterator[Finding]:
    """A remark after half a year, review after two; stored pages were chosen knowingly."""
    if facts.seen_at is None:
        return
    days = (facts.now - facts.seen_at).days
    if days > AGED:
        yield Finding(
            "review" if days > OLD and not facts.replayed else "valid",
            "not_fresh",
            f"last seen {days} days ago",
        )


CHECK = Check(ContactFacts, find)
