"""Given names that are used for one another: Bob and Robert, Pepe and José."""

from collections.abc import Mapping
from functools import cache

from app.pipeline.lexicon import phrases
from app.records.person_name import folded_name


def same_given(one: str, other: str) -> bool:
    """Whether two given names may be one person's: equal, a usual short form, or an initial.

    >>> same_given("Bob", "Robert")
    True
    """
    first, second = folded_name(one), folded_name(other)
    if not first or not second:
        return False
    if len(first) == 1 or len(second) == 1:
        return first[0] == second[0]
    return first == second or second in short_forms(first) or first in short_forms(second)


def short_forms(given: str) -> frozenset[str]:
    """The usual short forms of a folded given name ("robert" -> bob, rob...)."""
    return _table().get(given, frozenset())


def long_forms(short: str) -> frozenset[str]:
    """The folded given names that this one is a usual short form of ("tim" -> timothy)."""
    return frozenset(given for given, shorts in _table().items() if short in shorts)


@cache
def _table() -> Mapping[str, frozenset[str]]:
    groups = (group.split() for group in phrases("nicknames", "groups"))
    return {words[0]: frozenset(words[1:]) for words in groups if words}
