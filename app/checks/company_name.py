"""The name is a name: it has letters, and is not what a server writes over a page of its own."""

import re
from collections.abc import Iterator

from app.checks import Check, CompanyFacts, Finding
from app.records.criteria import folded

LONGEST = 120
_NO_NAME = re.compile(
    r"(home|home ?page|welcome|index|untitled( document)?|new page|my (site|website|blog)|default"
    r"|website|company|test|n a|tba|coming soon|under construction|just a moment|access denied"
    r"|forbidden|not found|page not found|error|attention required|account suspended"
    r"|(403|404|500|502|503)( .*)?)"
)


def find(facts: CompanyFacts) -> Iterator[Finding]:
    """Invalid without a letter; review where it reads like a page's title."""
    name = facts.company.name
    bare = folded(name)
    if not any(char.isalpha() for char in name):
        yield Finding("invalid", "no_name", f"the name {name[:40]!r} has no letter")
    elif _NO_NAME.fullmatch(bare):
        yield Finding("review", "doubtful_name", f"{name[:40]!r} reads like a page, not a company")
    elif len(name) > LONGEST:
        yield Finding("review", "doubtful_name", f"the name has {len(name)} characters")
    elif bare == folded(facts.company.domain):
        yield Finding("valid", "name_is_domain", "no other name than the domain is known")


CHECK = Check(CompanyFacts, find)
