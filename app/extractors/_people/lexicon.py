"""The word lists of lexicons/ beside this file."""

from functools import cache
from pathlib import Path

from app.pipeline import lexicon

_FOLDER = Path(__file__).parent / "lexicons"


@cache
def words(file: str, section: str) -> frozenset[str]:
    """The words of a section of lexicons/FILE.toml."""
    return lexicon.words(file, section, _FOLDER)


@cache
def phrases(file: str, section: str) -> frozenset[str]:
    """The phrases of a section of lexicons/FILE.toml."""
    return lexicon.phrases(file, section, _FOLDER)
