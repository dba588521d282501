"""Is a text that has the shape of a name the name of a person?"""

import re
from enum import IntEnum
from functools import lru_cache

from app.extractors._people.lexicon import words
from app.pipeline.title_rules import role_span
from app.records._places import states_as_written
from app.records.person_name import PersonName, folded_name, parse_person_name, person_key

_DEGREES = re.compile(r"(?:(?:[A-Z]\.){2,5}(?: y)? ){1,3}([A-ZÀ-Þ][\w-]+)")
"""Degrees in letters before a name ("C.P.C.", "L.C.P. y M.I."), as in Mexico; "J.R." is a name."""
_COURTESIES = frozenset(
    "me mr mrs ms m herr frau mme mlle madame monsieur senor senora signor signora mevrouw meneer "
    "dhr mw dona".split()
)
"""Words that are no name, and may stand before a whole one."""
_PLACE_STARTS = frozenset("san santa saint st ste los las the mount mt fort ft port lake".split())
_PARTICLES = frozenset(
    "de del la las los van von der den des di da dos du le el al bin y e".split()
)

_COMPOUNDS = (
    *("beratung", "verwaltung", "kanzlei", "praxis", "gesellschaft", "verein", "verband"),
    *("spezialisten", "leistungen", "behorde", "versicherung", "vereinigung"),
)
"""How German words end that no person is called by."""
_STATES = frozenset((*states_as_written().values(), "UK", "USA"))


class Likelihood(IntEnum):
    """NEVER: a word that no person is called by. UNKNOWN: no given name that we know. WEAK: one
    that is also a place or a word. KNOWN: a given name."""

    NEVER = 0
    UNKNOWN = 1
    WEAK = 2
    KNOWN = 3


@lru_cache(maxsize=1024)  # the lines of a site's frame stand on all of its pages
def read_name(text: str, *, inverted: bool = False) -> tuple[PersonName, Likelihood] | None:
    """The person that the whole text names, with how likely it is one; None when it cannot be.

    >>> read_name("Property Management") is None
    True
    """
    first = text.lstrip(' ("“„«•*').partition(" ")[0]
    if (found := _DEGREES.match(text)) and folded_name(found[1]) in words("names", "given"):
        text = text[found.start(1) :]
    courtesy = folded_name(first) in _COURTESIES and len(text.split()) > 2
    if first.rstrip(".,").lower() in words("names", "never") and not courtesy:
        return None
    parsed = parse_person_name(text, inverted=inverted)
    if parsed is None:
        swapped = _family_first(text)
        return (swapped, Likelihood.KNOWN) if swapped else None
    likelihood = judge(parsed)
    return (parsed, likelihood) if likelihood else None


def read_partner(left: str, other: PersonName) -> tuple[PersonName, Likelihood] | None:
    """Whom the words left of "and Jane Doe" name: a whole name, or a given name ("Dr. John") that
    borrows the family name of the other."""
    if whole := read_name(left):
        return whole
    joint = read_name(f"{left} {other.family}")
    shared = joint is not None and all(len(part.rstrip(".")) == 1 for part in joint[0].middle)
    return joint if shared else None


def judge(name: PersonName) -> Likelihood:
    """How likely a person is called so, by the words alone."""
    spelled = [
        folded_name(word)
        for part in (name.given, *name.middle, name.family)
        for word in part.split()
    ]
    owned = name.given.endswith(("'s", "’s"))
    if owned or person_key(name.full) in words("names", "famous"):
        return Likelihood.NEVER
    first = _given(spelled[0])
    if len(spelled[0]) == 1 and len(spelled) > 2:
        first = max(first, _given(spelled[1]))
    if spelled[0] in _PLACE_STARTS or (name.family.isupper() and name.family in _STATES):
        return Likelihood.NEVER
    if first is Likelihood.UNKNOWN and spelled[0] in words("names", "place"):
        return Likelihood.NEVER
    if _refused(spelled, first):
        return Likelihood.NEVER
    if spelled[-1] in words("names", "place"):
        return Likelihood.UNKNOWN if first is Likelihood.KNOWN else Likelihood.NEVER
    if spelled[-1] in words("names", "place_too"):
        return Likelihood(max(Likelihood.UNKNOWN, first - 1))
    if first is Likelihood.UNKNOWN and any(word in words("names", "given") for word in spelled[1:]):
        return Likelihood.WEAK
    return first


def _refused(spelled: list[str], first: Likelihood) -> bool:
    """Whether a word stands there that is no name."""
    never, too = words("names", "never"), words("names", "family_too")
    last = len(spelled) - 1
    for index, word in enumerate(spelled):
        parts = [part for part in word.split() if len(part) > 1 and part not in _PARTICLES]
        if not parts:
            continue
        family = index == last and index > 0 and first is Likelihood.KNOWN
        if family and index > 1 and spelled[index - 1] in _PARTICLES:
            continue
        refused = [
            part
            for part in parts
            if (part in never and not (family and part in too)) or part.endswith(_COMPOUNDS)
        ]
        if refused and (index < last or len(refused) == len(parts)):
            return True
        if _is_role(word, index, family):
            return True
    return False


def _is_role(word: str, index: int, family: bool) -> bool:
    """Whether a word is one for a job: "Manager"; "Dean" and "Porter" are names as well."""
    if _is_given(word) or role_span(word.split()) != (0, len(word.split())):
        return False
    return not (word in words("names", "family_too") and (family or not index))


def _given(word: str) -> Likelihood:
    if word in words("names", "given"):
        return Likelihood.KNOWN
    if word in words("names", "given_weak"):
        return Likelihood.WEAK
    head = word.split()[0] if word else ""
    return Likelihood.KNOWN if head in words("names", "given") else Likelihood.UNKNOWN


def _is_given(word: str) -> bool:
    return word in words("names", "given") or word in words("names", "given_weak")


def _family_first(text: str) -> PersonName | None:
    """ "DUPONT Jean-Claude", as French pages write it."""
    spelled = text.split()
    if not (2 <= len(spelled) <= 3 and spelled[0].isupper() and len(spelled[0]) > 2):
        return None
    if any(word.isupper() for word in spelled[1:]):
        return None
    swapped = parse_person_name(" ".join((*spelled[1:], spelled[0])))
    return swapped if swapped is not None and judge(swapped) is Likelihood.KNOWN else None
