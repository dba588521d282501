"""Text that stands in for text: lorem ipsum and its younger relatives."""

import re
from collections.abc import Iterable

MIN_WORDS = 25
LEAST_FUNCTION_WORDS = 0.1

_WORD = re.compile(r"[^\W\d_]+")
_LATIN = frozenset(
    "lorem ipsum dolor amet consectetur consectetuer adipiscing elit sed eiusmod tempor incididunt labore dolore magna aliqua "
    "quis nostrud exercitation ullamco laboris nisi aliquip commodo consequat duis aute irure reprehenderit voluptate velit "
    "cillum fugiat nulla pariatur excepteur sint occaecat cupidatat proident sunt culpa officia deserunt mollit laborum "
    "phasellus vestibulum curabitur pellentesque suspendisse maecenas vivamus praesent aenean mauris".split()
)
_FUNCTION = frozenset(
    "the a an and or of to in on for with at by from as is are was were be been has have had it its he she his her him they their "
    "we our us you your i my me this that these those which who not but if so than all also more can will would when where there "
    "el la los las un una unos unas y o de del al en con por para que se es son fue su sus lo le nos nuestra nuestro como mas "
    "der die das den dem des ein eine einen einem einer und oder von zu zum zur im in am auf fur mit bei aus nach ist sind war wir "
    "uns unser unsere sie er ihr ihre es nicht als auch sich wird hat "
    "le la les un une des du de et ou a au aux dans en sur pour par avec ce cette ces qui que est sont nous vous il elle son sa ses notre votre "
    "e o os as um uma do da dos das no na em com".split()
)


def is_nonsense(text: str) -> bool:
    """Whether a text of some length is filler: Latin of the trade, or no grammar at all.

    A third of the words of ordinary prose are function words; random words have next to none.
    """
    spelled = [word.lower() for word in _WORD.findall(text[:4000])]
    latin = sum(word in _LATIN for word in spelled)
    if latin >= 4 and latin * 5 >= len(spelled):
        return True
    if len(spelled) < MIN_WORDS:
        return False
    return function_words(spelled) < LEAST_FUNCTION_WORDS * len(spelled)


def function_words(spelled: Iterable[str]) -> int:
    """How many of these words in lower case only hold a sentence together ("the", "und")."""
    return sum(word in _FUNCTION for word in spelled)
