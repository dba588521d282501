"""The number of units is one that a firm can have, and one that was asked for."""

from collections.abc import Iterator

from app.checks import Check, CompanyFacts, Finding

MOST = 2_000_000
"""More than twice what the largest managers of the world state."""


def find(facts: CompanyFacts) -> Iterator[Finding]:
    """Invalid outside the criteria, review where no firm is so large; a remark when not known."""
    units, criteria = facts.company.units_estimate, facts.criteria
    asked = criteria.units_min is not None or criteria.units_max is not None
    if units is None:
        if asked:
            yield Finding("valid", "units_not_known", "the number of units is not known")
    elif not (criteria.units_min or 0) <= units <= (criteria.units_max or units):
        yield Finding("invalid", "units_out_of_range", f"{units} units are out of the range asked")
    elif units > MOST:
        yield Finding("review", "doubtful_size", f"{units:,} units are more than any firm manages")


CHECK = Check(CompanyFacts, find)
