"""Text that stands in for text: lorem ipsum and its younger relatives."""

import re
from collections.abc import Iterable

from app.extractors._people.lexicon import words

MIN_WORDS = 25
LEAST_FUNCTION_WORDS = 0.1

_WORD = re.compile(r"[^\W\d_]+")


def is_nonsense(text: str) -> bool:
    """Whether a text of some length is filler: Latin of the trade, or no grammar at all.

    A third of the words of ordinary prose are function words; random words have next to none.
    """
    spelled = [word.lower() for word in _WORD.findall(text[:4000])]
    latin = sum(word in words("wording", "latin") for word in spelled)
    if latin >= 4 and latin * 5 >= len(spelled):
        return True
    if len(spelled) < MIN_WORDS:
        return False
    return function_words(spelled) < LEAST_FUNCTION_WORDS * len(spelled)


def function_words(spelled: Iterable[str]) -> int:
    """How many of these words in lower case only hold a sentence together ("the", "und")."""
    return sum(word in words("wording", "function") for word in spelled)
