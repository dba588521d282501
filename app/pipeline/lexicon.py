"""Word lists that lie beside the code as TOML, read once when first needed."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "lexicons"


@cache
def words(file: str, section: str, folder: Path = FOLDER) -> frozenset[str]:
    """The words of a section of FOLDER/FILE.toml, apart by white space."""
    return frozenset(_read(folder / f"{file}.toml")[section].split())


@cache
def phrases(file: str, section: str, folder: Path = FOLDER) -> frozenset[str]:
    """The phrases of a section, apart by semicolons."""
    found = (
        " ".join(phrase.split()) for phrase in _read(folder / f"{file}.toml")[section].split(";")
    )
    return frozenset(phrase for phrase in found if phrase)


@cache
def _read(path: Path) -> Mapping[str, str]:
    with path.open("rb") as source:
        return tomllib.load(source)
