"""The address is the person's own and not an office's."""

from collections.abc import Iterator

from app.checks import Check, ContactFacts, Finding
from app.pipeline.mailbox_names import is_role_mailbox


def find(facts: ContactFacts) -> Iterator[Finding]:
    """A remark where the site shows an office's address for a person; review where it was inferred,
    which ought not to happen."""
    contact = facts.contact
    if contact.email and is_role_mailbox(contact.email):
        inferred = contact.email_status == "inferred"
        yield Finding(
            "review" if inferred else "valid",
            "role_address",
            f"{contact.email} is the address of an office",
        )


CHECK = Check(ContactFacts, find)
