"""The website answered, with a site of its own and not with a page that sells the domain."""

import re
from collections.abc import Iterator

from app.checks import Check, CompanyFacts, Finding

SHORT = 3000
"""Characters: a parking page says little else."""
_PARKED = re.compile(
    r"(this |the )?domain( name)? (is|may be) (for sale|parked)|buy this domain"
    r"|domain (has )?expired|parked (free|domain)|this (web)?site is (for sale|parked)"
    r"|account (has been )?suspended",
    re.IGNORECASE,
)


def find(facts: CompanyFacts) -> Iterator[Finding]:
    """Invalid without a page, or with nothing but a parking page."""
    if not facts.pages:
        yield Finding("invalid", "unreachable", "no page of the website could be read")
    elif len(facts.home) < SHORT and (parked := _PARKED.search(facts.home)):
        yield Finding("invalid", "parked", f"the home page says: {parked[0]}")


CHECK = Check(CompanyFacts, find)
