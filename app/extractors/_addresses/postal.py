"""A postal address as a page prints it."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Address:
    """Parts of one address as printed (state, country and Canadian postal code in code form), the
    words that hold them, and where these start in the text. "" = not printed."""

    street: str
    city: str
    state: str
    postcode: str
    country: str
    quote: str
    start: int = 0

    def fields(self) -> Iterator[tuple[str, str]]:
        """(field of Evidence, value) of every part that is known."""
        for name in ("street", "city", "state", "postcode", "country"):
            if value := getattr(self, name):
                yield name, value
