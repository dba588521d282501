"""Names of companies: what is left of one without its legal form, and how two of them compare."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import cleanco
from rapidfuzz import fuzz

from app.pipeline._same_company.words import words
from app.records.criteria import folded

ALIKE = 88.0
"""rapidfuzz ratio (0 to 100) from which two names without their spaces are one name."""
WORD_ALIKE = 84.0
"""The same for two words of at least four letters, the first of them equal."""
RESIDUE_ALIKE = 70.0
"""The same for what such names do not share."""

_POSSESSIVE = re.compile(r"['’`´](?=[sS]\b)|(?<=[sS])['’`´](?=\s|$)")
_ASIDE = re.compile(r"[(\[{【（「].*?[)\]}】）」]")
_DIGITS = re.compile(r"\d+")
_JOINED_FORMS = re.compile("株式会社|有限会社|合同会社|股份有限公司|有限公司|주식회사")
_LONGEST_FORM = 5
_MARKS = str.maketrans("", "", "®™©℠*")


@dataclass(frozen=True, slots=True)
class Name:
    """`words`: folded, without legal form and stop words. `aside`: those that stand in brackets.
    `squeezed`: the words without spaces. `numbers`: the digits of the name. `has_department`: the
    words name a part of a bigger place."""

    words: tuple[str, ...]
    aside: frozenset[str]
    squeezed: str
    numbers: frozenset[str]
    has_department: bool


def read_name(text: str) -> Name:
    """A name as written -> its parts. A name that is all legal form or stop words is kept whole."""
    text = _POSSESSIVE.sub("", text.translate(_MARKS))
    plain = _JOINED_FORMS.sub(" ", _ASIDE.sub(" ", text))
    main = _without_stop_words(_without_legal_form(folded(plain).split()))
    if not main:
        whole = folded(text).split()
        main = _without_stop_words(whole) or tuple(whole)
    asides = {word for found in _ASIDE.findall(text) for word in folded(found).split()}
    squeezed = "".join(main)
    numbers = frozenset(_DIGITS.findall(squeezed))
    return Name(main, frozenset(asides), squeezed, numbers, bool(_department(main)))


def compare_names(a: Name, b: Name, places: frozenset[str]) -> str:
    """The id of the rule that two names meet; "" where one row has no name.

    `places` are the folded words of both rows' addresses: a branch is often named after its town.
    """
    if not a.squeezed or not b.squeezed:
        return ""
    only_a, only_b, shared = _matched(a, b)
    has_department = a.has_department or b.has_department
    if has_department and _department(only_a) != _department(only_b):
        return "name.department"
    if a.numbers and b.numbers and not a.numbers & b.numbers:
        return "name.other_number"
    if _alike(a.squeezed, b.squeezed) and _compatible("".join(only_a), "".join(only_b)):
        return "name.same" if _says_much(a.words, places) else "name.generic"
    begins = _begins(a, b)
    if not _says_much(shared, frozenset()):
        return "name.begins" if begins and not a.squeezed.isascii() else "name.other"
    more_a = _says_much([word for word in only_a if word not in a.aside], places)
    more_b = _says_much([word for word in only_b if word not in b.aside], places)
    if more_a and more_b:
        return "name.overlap"
    if more_a or more_b:
        return "name.begins" if begins else "name.part"
    kinds_differ = not places.issuperset(only_a) and not places.issuperset(only_b)
    return "name.other_kind" if kinds_differ else "name.close"


def _says_much(some: Iterable[str], places: frozenset[str]) -> bool:
    """Whether one of these words is neither a kind of business nor a place, nor a mere letter."""
    return any(
        word not in words().generic and word not in places and (len(word) > 1 or not word.isascii())
        for word in some
    )


def _matched(a: Name, b: Name) -> tuple[list[str], list[str], list[str]]:
    """The words that only one of two names has, and those of `a` that both have."""
    rest_b = list(b.words)
    only_a, shared = [], []
    for word in a.words:
        if word in rest_b:
            rest_b.remove(word)
            shared.append(word)
        else:
            only_a.append(word)
    for word in tuple(only_a):
        twin = next((other for other in rest_b if _same_word(word, other)), None)
        if twin is not None:
            only_a.remove(word)
            rest_b.remove(twin)
            shared.append(word)
    return only_a, rest_b, shared


def _same_word(a: str, b: str) -> bool:
    if a[0] != b[0] or len(a) < 4 or len(b) < 4:
        return False
    return fuzz.ratio(a, b, score_cutoff=WORD_ALIKE) > 0


def _alike(a: str, b: str) -> bool:
    return a == b or (len(a) > 5 < len(b) and fuzz.ratio(a, b, score_cutoff=ALIKE) > 0)


def _compatible(residue_a: str, residue_b: str) -> bool:
    """Whether what two long names do not share may be one thing misspelled: "general surgery" and
    "vascular surgery" are not."""
    return not residue_a or not residue_b or fuzz.ratio(residue_a, residue_b) >= RESIDUE_ALIKE


def _begins(a: Name, b: Name) -> bool:
    """Whether one name is the beginning of the other: word by word, or letter by letter in scripts
    that set no spaces."""
    short, long = sorted((a, b), key=lambda name: (len(name.squeezed), name.squeezed))
    if short.squeezed.isascii():
        return long.words[: len(short.words)] == short.words
    return len(short.squeezed) > 1 and long.squeezed.startswith(short.squeezed)


def _department(residue: Sequence[str]) -> frozenset[tuple[str, ...]]:
    lexicon = words()
    found: set[tuple[str, ...]] = set()
    for start, word in enumerate(residue):
        for phrase in lexicon.departments.get(word, ()):
            if tuple(residue[start : start + len(phrase)]) == phrase:
                found.add(phrase)
                break
        if word.startswith(lexicon.department_stems):
            found.add((word,))
    return frozenset(found)


def _without_stop_words(some: list[str]) -> tuple[str, ...]:
    return tuple(word for word in some if word not in words().stop)


def _without_legal_form(folded_words: list[str]) -> list[str]:
    """As cleanco.basename, with its terms, on folded words: a thirtieth of the time. "s r o" at the
    end is the form "sro"."""
    kept = folded_words
    for length in range(_LONGEST_FORM, 0, -1):
        if len(kept) > length and "".join(kept[-length:]) in _legal_forms():
            kept = kept[:-length]
    return kept


@cache
def _legal_forms() -> frozenset[str]:
    """The legal forms that cleanco knows, folded, without spaces."""
    return frozenset(
        folded(" ".join(parts)).replace(" ", "") for _, parts in cleanco.prepare_default_terms()
    )
