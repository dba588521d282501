"""Companies as sources give them, to be compared."""

from dataclasses import replace
from typing import Any

from app.pipeline.same_company import Place

HARBOR = Place(
    "Cedar Harbor Realty",
    domain="cedarharbor.example",
    website="https://www.cedarharbor.example/",
    phone="(512) 555-0101",
    street="410 Maple Street, Suite 200",
    city="Austin",
    state="TX",
    postcode="78701",
    country="US",
)
NAME_AND_TOWN = Place("Cedar Harbor Realty", city="Austin", state="TX", country="US")


def in_austin(name: str, **known: Any) -> Place:
    """A company of which the name, the city and `known` are known."""
    return replace(NAME_AND_TOWN, name=name, **known)
