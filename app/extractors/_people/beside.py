"""Words beside a name: an address made of it, a text about it, a line that quotes its owner."""

import re
from urllib.parse import unquote, urlsplit

from app.extractors._people.nonsense import function_words
from app.extractors._people.sightings import Sighting
from app.records.person_name import PersonName, folded_name

BIO_WORDS = 8
OPENS = ("“", "”", '"', "„", "«", "‘", "''", "``")
CLOSES = ("”", "“", '"', "»", "’”", "''")
_SAYS_BEFORE = re.compile(
    r"\b(?:says|said|writes|wrote|according to|adds|added|notes|dice|sagt|dit|"
    r"explains|vertelt|zegt|aldus|erzählt|berichtet|racconta|cuenta|raconte)\s+(?:\w+\.? )?$"
)
_SAYS_AFTER = re.compile(
    r"^[^.!?“\"]{0,80}?\b(?:says|said|writes|wrote|adds|schreibt|sagt|dice|escribe|écrit|"
    r"dit)\b(?:\s*[:,]?\s*[“\"«„]|\s*:\s)"
)
_COURTESY = re.compile(r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sra?|Srta|Herr|Frau|M|Mme)\.? ?$")
_SLUG_EXTRAS = frozenset(
    "attorney lawyer bio profile meet about team agent realtor broker doctor dds dmd esq cpa the "
    "html".split()
)


def says_more(slug: frozenset[str], sighting: Sighting) -> bool:
    """Whether an address holds other words than the name: "area-wesley-chapel"."""
    own = {
        word
        for part in (
            sighting.name.given,
            *sighting.name.middle,
            sighting.name.family,
            sighting.name.nickname,
            *sighting.name.credentials,
        )
        for word in folded_name(part).split()
    }
    return any(len(word) > 2 and word not in own and word not in _SLUG_EXTRAS for word in slug)


def is_signature(text: str, name: PersonName) -> bool:
    """Whether the line itself quotes somebody: "..." Jane Doe, Chef; Jane Doe writes: "..."."""
    at = text.find(name.given)
    if at < 0:
        return False
    before, after = _COURTESY.sub("", text[:at]).rstrip(" -–—"), text[at + len(name.given) :]
    if before.endswith(CLOSES) and any(mark in before[:-1] for mark in OPENS):
        return True
    return bool(_SAYS_BEFORE.search(text[:at]) or _SAYS_AFTER.match(after))


def is_about(text: str, name: PersonName) -> bool:
    """Whether a paragraph is about the person: it begins with words that hold the name."""
    spelled = text.split()
    if len(spelled) < BIO_WORDS or function_words(spelled) < 2 or "@" in text:
        return False
    opening = set(folded_name(text[:90]).split())
    given = folded_name(name.given).split()[0]
    families = {word for family in name.surnames for word in family.split()}
    nickname = {folded_name(name.nickname)} if name.nickname else set()
    return bool(opening & ({given} | families | nickname)) and len(given) > 1


def slug_words(path: str) -> frozenset[str]:
    """The words of the last part of an address."""
    parts = [part for part in unquote(urlsplit(path).path).split("/") if part]
    while parts and parts[-1].partition(".")[0] in ("index", "default"):
        parts.pop()
    if not parts:
        return frozenset()
    return frozenset(folded_name(parts[-1].removesuffix(".html").removesuffix(".htm")).split())


def names(spelled: frozenset[str], name: PersonName) -> bool:
    """Whether these words hold given name (or its initial) and family name."""
    families = {word for family in name.surnames for word in family.split()}
    given = folded_name(name.given).split()[0]
    return bool(spelled & families) and (given in spelled or given[0] in spelled)
