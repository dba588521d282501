"""The company does what was asked for."""

from collections.abc import Iterator

from app.checks import Check, CompanyFacts, Finding
from app.records.criteria import category_fits


def find(facts: CompanyFacts) -> Iterator[Finding]:
    """Invalid in another category; a remark when none is known."""
    asked, category = facts.criteria.category, facts.company.category
    if asked and not category:
        yield Finding("valid", "category_not_known", f"nothing says whether it is {asked}")
    elif asked and not category_fits(category, asked):
        yield Finding("invalid", "wrong_category", f"{category} was found, {asked} asked for")


CHECK = Check(CompanyFacts, find)
