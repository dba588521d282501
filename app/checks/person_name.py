"""The name is that of a person: no placeholder, no firm, no phrase."""

from collections.abc import Iterator

from app.checks import Check, ContactFacts, Finding
from app.crawl.domains import same_site
from app.records.criteria import folded
from app.records.person_name import parse_person_name

_PLACEHOLDERS = frozenset(
    "john doe;jane doe;john smith doe;test user;first last;firstname lastname;your name"
    ";lorem ipsum;max mustermann;erika mustermann;sample person;full name;name here".split(";")
)


def find(facts: ContactFacts) -> Iterator[Finding]:
    """Invalid where it is none. A placeholder with an address of the company's may be a name."""
    name = facts.contact.full_name
    bare = folded(name)
    if bare in _PLACEHOLDERS:
        real = same_site(facts.contact.email.rpartition("@")[2], facts.company.domain)
        yield Finding("valid" if real else "invalid", "no_person", f"{name} is often a placeholder")
    elif bare == folded(facts.company.name):
        yield Finding("invalid", "no_person", f"{name[:60]} is the company")
    elif parse_person_name(name) is None:
        yield Finding("invalid", "no_person", f"{name[:60]!r} is not written like a name")


CHECK = Check(ContactFacts, find)
