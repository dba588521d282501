"""The lexicon lexicons/same_company.toml, read once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

_FILE = Path(__file__).parents[1] / "lexicons" / "same_company.toml"


@dataclass(frozen=True, slots=True)
class Words:
    """Lists of folded words. `departments`: phrases by their first word, the longest first.
    `street_spellings`: abbreviation -> full word."""

    stop: frozenset[str]
    generic: frozenset[str]
    departments: Mapping[str, tuple[tuple[str, ...], ...]]
    department_stems: tuple[str, ...]
    street_spellings: Mapping[str, str]
    street_kind: frozenset[str]
    unit: frozenset[str]
    shared_domains: frozenset[str]
    tenant_domains: frozenset[str]
    common_pages: frozenset[str]


@cache
def words() -> Words:
    """The lexicon; every call gives the same object."""
    with _FILE.open("rb") as file:
        lists: dict[str, Any] = tomllib.load(file)
    phrases = [tuple(phrase.split()) for phrase in lists.pop("department").split(",")]
    spellings = {
        other: line.split()[0] for line in lists.pop("street") for other in line.split()[1:]
    }
    return Words(
        departments=_by_first_word([phrase for phrase in phrases if phrase[-1][-1] != "*"]),
        department_stems=tuple(phrase[0][:-1] for phrase in phrases if phrase[-1][-1] == "*"),
        street_spellings=MappingProxyType(spellings),
        **{name: frozenset(text.split()) for name, text in lists.items()},
    )


def _by_first_word(
    phrases: list[tuple[str, ...]],
) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(phrases, key=lambda phrase: (-len(phrase), phrase)):
        found.setdefault(phrase[0], []).append(phrase)
    return MappingProxyType({first: tuple(some) for first, some in found.items()})
