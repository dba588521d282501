"""The title is there, or something else that makes the contact useful."""

from collections.abc import Iterator

from app.checks import Check, ContactFacts, Finding


def find(facts: ContactFacts) -> Iterator[Finding]:
    """Review for a name alone: no title and no way to reach them; else a remark."""
    contact = facts.contact
    if contact.title:
        return
    if contact.email or contact.phone or contact.linkedin_url:
        yield Finding("valid", "no_title", "no title is known")
    else:
        yield Finding(
            "review", "name_alone", "a name alone: no title, e-mail, phone or profile is known"
        )


CHECK = Check(ContactFacts, find)
