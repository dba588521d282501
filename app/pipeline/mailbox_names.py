"""What the part of an e-mail address before the @ says about whose it is."""

import re
from enum import IntEnum
from functools import lru_cache

from app.pipeline.lexicon import words
from app.pipeline.nicknames import long_forms, short_forms
from app.pipeline.title_rules import classify_title
from app.records.person_name import PersonName, folded_name

_DIGITS = re.compile(r"\d+")
_NUMBERED = re.compile(r"[a-z]{3}\d{2,}@", re.IGNORECASE)
"""Three initials and a number, as schools give them; the middle one is seldom printed."""
_PREFIXES = ("dr", "mr", "mrs", "ms", "atty", "attorney", "the", "rev")
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


class Fit(IntEnum):
    """How well a local part agrees with a name. INITIALS: "jd". PART: one name, "jane" or "doe".
    FULL: both, one of them perhaps an initial: "jdoe", "jane.doe", "doej"."""

    NONE = 0
    INITIALS = 1
    PART = 2
    FULL = 3


def mailbox_fit(address: str, name: PersonName) -> Fit:
    """How well an address (or a local part, or a profile's slug) agrees with a name.

    >>> mailbox_fit("kstrader@pm.example", PersonName("Kim", "Strader")).name
    'FULL'
    """
    local = _DIGITS.sub("", folded_name(address.partition("@")[0].partition("+")[0]))
    squeezed = local.replace(" ", "")
    givens, families = _givens(name), _families(name)
    if len(squeezed) < 2:
        return Fit.NONE
    for bare in (squeezed, *_without_prefix(squeezed)):
        if _is_full(bare, givens, families):
            return Fit.FULL
        if (bare in families and len(bare) > 2) or (bare in givens and len(bare) > 1):
            return Fit.PART
        if len(bare) > 3 and any(given.startswith(bare) for given in givens):
            return Fit.PART
    middle = "".join(part[0].lower() for part in name.middle if part)
    first, last = folded_name(name.given)[:1], folded_name(name.family)[:1]
    ends = squeezed[:1] + squeezed[2:] if _NUMBERED.match(address) else squeezed
    return Fit.INITIALS if {squeezed, ends} & {first + last, first + middle + last} else Fit.NONE


def is_role_mailbox(address: str) -> bool:
    """Whether the address is that of an office, not of a person: info@, leasing@, sales.team@."""
    spelled = re.split(r"[^a-z]+", folded_name(address.partition("@")[0]))
    parts = [word for word in spelled if word]
    return all(
        part in words("mailboxes", "roles") or bool(classify_title(part).department)
        for part in parts
    )


def is_general_mailbox(address: str) -> bool:
    """Whether the address is that of a whole office, of no one's work in it: info@, office@."""
    return folded_name(address.partition("@")[0]) in words("mailboxes", "general")


def is_free_domain(domain: str) -> bool:
    """Whether anybody can have an address there."""
    return domain.lower() in words("mailboxes", "free")


def _without_prefix(squeezed: str) -> list[str]:
    return [
        squeezed[len(prefix) :]
        for prefix in _PREFIXES
        if squeezed.startswith(prefix) and len(squeezed) > len(prefix) + 2
    ]


@lru_cache(maxsize=1024)
def _givens(name: PersonName) -> frozenset[str]:
    found: set[str] = set()
    for written in _spellings(name.given):
        found.update((written.replace(" ", ""), *written.split()))
    found.update(*(short_forms(given) | long_forms(given) for given in tuple(found)))
    found.update(_spellings(name.nickname))
    middle = [part for part in name.middle if len(part.rstrip(".")) > 2]
    if middle:
        found.update(_spellings(" ".join((name.given, *middle)).replace(" ", "")))
        found.update(spelling for part in middle for spelling in _spellings(part))
    return frozenset(given for given in found if given)


@lru_cache(maxsize=1024)
def _families(name: PersonName) -> frozenset[str]:
    found = {spelling.replace(" ", "") for spelling in _spellings(name.family)}
    for family in name.surnames:
        found.update((family.replace(" ", ""), *family.split()))
    found.update(word for spelling in _spellings(name.family) for word in spelling.split())
    found.add("".join(family.replace(" ", "") for family in name.surnames))
    return frozenset(family for family in found if len(family) > 1)


def _spellings(written: str) -> set[str]:
    """Folded, and with German letters written out: "jorg" and "joerg"."""
    return {folded_name(written), folded_name(written.casefold().translate(_WRITTEN_OUT))} - {""}


def _is_full(squeezed: str, givens: frozenset[str], families: frozenset[str]) -> bool:
    for family in families - {squeezed}:
        if squeezed.startswith(family) and _is_given_part(squeezed[len(family) :], givens):
            return True
        if squeezed.endswith(family) and _is_given_part(squeezed[: -len(family)], givens):
            return True
    initials = "".join(sorted(family[0] for family in families))
    return any(
        squeezed != given
        and squeezed.startswith(given)
        and (
            any(family.startswith(squeezed[len(given) :]) for family in families)
            or (len(squeezed) - len(given) == 2 and set(squeezed[len(given) :]) <= set(initials))
        )
        for given in givens
        if len(given) > 2
    )


def _is_given_part(rest: str, givens: frozenset[str]) -> bool:
    """ "j", "jane", or an initial and a middle initial ("ja")."""
    if rest in givens:
        return True
    return len(rest) <= 2 and any(given.startswith(rest[0]) for given in givens)
