"""The word lists of lexicons/, read once when first needed."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "lexicons"


@cache
def words(file: str, section: str) -> frozenset[str]:
    """The words of a section of lexicons/FILE.toml, apart by white space."""
    return frozenset(_read(file)[section].split())


@cache
def phrases(file: str, section: str) -> frozenset[str]:
    """The phrases of a section, apart by semicolons."""
    found = (" ".join(phrase.split()) for phrase in _read(file)[section].split(";"))
    return frozenset(phrase for phrase in found if phrase)


@cache
def _read(file: str) -> Mapping[str, str]:
    with (_FOLDER / f"{file}.toml").open("rb") as source:
        return tomllib.load(source)
