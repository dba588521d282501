"""Which rows are compared at all: those that share a blocking key.

A key is a phone, a domain, a page, or one of these with the place: the beginning of the name's
first telling word, the house number. What very many rows share tells little: such rows are sorted,
and only neighbours are compared (sorted neighbourhood method, Hernandez and Stolfo 1995), so that
the pairs grow with the number of rows and not with its square.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from app.pipeline._same_company.phones import phone_key
from app.pipeline._same_company.traits import Traits
from app.pipeline._same_company.words import words

BLOCK = 16
"""Up to so many rows of one key, each is compared with each."""
WINDOW = 5
"""In larger blocks each row is compared with so many that follow it."""
_LETTERS = 4
_LETTERS_WITHOUT_SPACES = 2


def blocking_keys(row: Traits) -> frozenset[str]:
    """Every key of a row. Two rows without a common key are never compared."""
    return frozenset(_keys(row))


def candidate_pairs(rows: Sequence[Traits]) -> Iterator[tuple[int, int]]:
    """Pairs of places in `rows`, the lower first, each once and in order."""
    blocks: dict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        for key in blocking_keys(row):
            blocks[key].append(index)
    pairs: set[int] = set()
    for block in blocks.values():
        reach = BLOCK
        if len(block) > BLOCK:
            block.sort(key=lambda index: _neighbourhood(rows[index]))
            reach = WINDOW
        for at, one in enumerate(block):
            for two in block[at + 1 : at + 1 + reach]:
                pairs.add(min(one, two) * len(rows) + max(one, two))
    del blocks
    for pair in sorted(pairs):
        yield divmod(pair, len(rows))


def _keys(row: Traits) -> Iterator[str]:
    if row.phone:
        yield f"phone {phone_key(row.phone)}"
    if row.web.identity:
        yield f"domain {row.web.identity}"
    elif row.web.page:
        yield f"page {row.web.page}"
    town = row.city.replace(" ", "")
    places = [place for place in (row.postcode, town) if place] or [f"- {row.country}"]
    for place in places:
        yield f"name {_telling(row)} {place}"
        if row.street.main:
            yield f"street {row.street.main} {place}"


def _telling(row: Traits) -> str:
    """The beginning of the first word that is no kind of business; of the name, if all are."""
    name = row.name
    if not name.squeezed.isascii():
        return name.squeezed[:_LETTERS_WITHOUT_SPACES]
    for word in name.words:
        if word not in words().generic and word not in row.towns:
            return word[:_LETTERS]
    return name.squeezed[: 2 * _LETTERS]


def _neighbourhood(row: Traits) -> tuple[str, ...]:
    return row.name.squeezed, row.postcode, row.street.text, row.street.main, row.city, row.phone
