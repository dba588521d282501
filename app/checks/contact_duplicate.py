"""Nobody else of the company has the address: one inbox is written to once."""

from collections.abc import Iterator

from app.checks import Check, ContactFacts, Finding


def find(facts: ContactFacts) -> Iterator[Finding]:
    """Invalid where a better contact has it; that one keeps it."""
    if facts.same_address:
        yield Finding(
            "invalid",
            "duplicate_address",
            f"{facts.contact.email} is the address of {facts.same_address[0]} too",
        )


CHECK = Check(ContactFacts, find)
