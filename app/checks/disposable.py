"""The address is not one that is thrown away (list: disposable-email-domains, MIT)."""

from collections.abc import Iterator
from functools import cache

from app.checks import Check, ContactFacts, Finding


@cache
def _blocklist() -> frozenset[str]:
    from disposable_email_domains import blocklist

    return frozenset(blocklist)


def find(facts: ContactFacts) -> Iterator[Finding]:
    """Invalid with such a service, subdomains included."""
    labels = facts.contact.email.rpartition("@")[2].lower().split(".")
    for start in range(len(labels) - 1):
        domain = ".".join(labels[start:])
        if domain in _blocklist():
            yield Finding("invalid", "disposable", f"{domain} gives addresses to be thrown away")
            return


CHECK = Check(ContactFacts, find)
