"""What each of several people is, whom a heading or a sentence names together: "Our Attorneys"."""

import re
from dataclasses import replace

from app.extractors._people.lexicon import words
from app.extractors._people.titles import Title, read_title
from app.pipeline.title_rules import names_a_role
from app.records.person_name import folded_name

MAX_WORDS = 6

_ENDINGS = (
    ("ores", "or"),
    ("s", ""),
    ("ies", "y"),
    ("men", "man"),
    ("innen", "in"),
    ("e", ""),
)
_WORD = re.compile(r"[^\W\d_]+")
_AND = re.compile(r"\s*[/&,]\s*|\s+(?:and|und|et|y|e)\s+")
_OPENING = re.compile(
    r"^(?:(?:meet|about)\s+)?(?:our|the|your|other|more|related|unsere|die|ihre|nos|les|vos|nuestr[oa]s|l[oa]s)\s+|^meet\s+",
    re.IGNORECASE,
)


def title_of_several(text: str) -> Title | None:
    """What each of the people is that these words name together; None when they name no such.

    >>> title_of_several("Founders & Managing Brokers").text
    'Founder & Managing Broker'
    """
    bare = _OPENING.sub("", text.strip(" :"))
    if not 4 <= len(bare) <= 60 or len(bare.split()) > MAX_WORDS:
        return None
    if not all(_singular(part) != part for part in _AND.split(bare)):
        return None
    return read_title(_singular(bare))


def group_title(heading: str) -> Title | None:
    """The same, of a heading: owners, buyers and partners there are as often customers."""
    spelled = folded_name(_OPENING.sub("", heading.strip())).split()
    met = heading.lower().startswith("meet")
    if not met and all(word in words("wording", "clients") for word in spelled):
        return None
    title = title_of_several(heading)
    return replace(title, text=title.text[0].upper() + title.text[1:]) if title else None


def label_title(label: str) -> Title | None:
    """The title that a label above one person's name is: "Our Founder", "Meet the Owner"."""
    return read_title(_OPENING.sub("", label.strip()))


def _singular(text: str) -> str:
    return _WORD.sub(lambda word: _one(word[0]), text)


def _one(word: str) -> str:
    """A word for several people at work, as of one: "Brokers", "Fundadores"; others stay."""
    lowered = word.lower()
    if len(word) < 4 or names_a_role(lowered):
        return word
    for plural, single in _ENDINGS:
        if lowered.endswith(plural):
            stem = lowered.removesuffix(plural) + single
            if names_a_role(stem):
                return _as_written(word, stem)
    return word


def _as_written(word: str, stem: str) -> str:
    return stem.upper() if word.isupper() else stem.capitalize() if word[0].isupper() else stem
