"""The address is not with a free mail service."""

from collections.abc import Iterator

from app.checks import Check, ContactFacts, Finding
from app.pipeline.mailbox_names import is_free_domain


def find(facts: ContactFacts) -> Iterator[Finding]:
    """A remark where the site publishes such an address; review where it was inferred: nobody's
    address follows from those of strangers."""
    contact = facts.contact
    domain = contact.email.rpartition("@")[2].lower()
    if domain and is_free_domain(domain):
        inferred = contact.email_status == "inferred"
        yield Finding(
            "review" if inferred else "valid", "free_mail", f"{domain} is a free mail service"
        )


CHECK = Check(ContactFacts, find)
