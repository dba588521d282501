"""Job title -> department and seniority, by the rules in lexicons/titles.toml.

Every answer carries the id of the rule that gave it. A rule matches when one of its phrases stands
in the title as whole words, case and accents aside; the first rule of the file that matches wins.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from app.records.person_name import folded_name

MAX_WORDS = 24

_FILE = Path(__file__).parent / "lexicons" / "titles.toml"
_STEM = 3

Group = Literal["seniority", "department"]
_Use = Literal["roles", "areas", "unless"]


@dataclass(frozen=True, slots=True)
class TitleClass:
    """What a title says; empty strings where no rule matches."""

    department: str = ""
    department_rule: str = ""
    seniority: str = ""
    seniority_rule: str = ""


@dataclass(frozen=True, slots=True)
class _Rule:
    group: Group
    id: str
    value: str


@dataclass(frozen=True, slots=True)
class _Phrase:
    words: tuple[str, ...]
    rule: int
    use: _Use


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """Rules in the order of the file; phrases by their first word, or its first letters."""

    rules: tuple[_Rule, ...]
    exact: Mapping[str, tuple[_Phrase, ...]]
    stems: Mapping[str, tuple[_Phrase, ...]]


def classify_title(title: str) -> TitleClass:
    """Department and seniority of a title, each with the id of its rule."""
    found = {rule.group: rule for rule in reversed(list(_matching(title, ("roles", "areas"))))}
    department, seniority = found.get("department"), found.get("seniority")
    return TitleClass(
        department.value if department else "",
        department.id if department else "",
        seniority.value if seniority else "",
        seniority.id if seniority else "",
    )


def names_a_role(text: str) -> bool:
    """Whether the text has a word for a person at work ("manager", "owner", "avocate")."""
    return next(_matching(text, ("roles",)), None) is not None


def role_span(words: Sequence[str]) -> tuple[int, int] | None:
    """Where the first phrase for a person at work stands in these folded words: [start, stop)."""
    for start in range(len(words)):
        stops = [
            start + len(phrase.words) for phrase in _starting(words, start) if phrase.use == "roles"
        ]
        if stops:
            return start, max(stops)
    return None


def _matching(title: str, uses: tuple[_Use, ...]) -> Iterator[_Rule]:
    """The rules that match, in the order of the file."""
    words = folded_name(title).split()[:MAX_WORDS]
    hits = [phrase for start in range(len(words)) for phrase in _starting(words, start)]
    refused = {phrase.rule for phrase in hits if phrase.use == "unless"}
    matched = {phrase.rule for phrase in hits if phrase.use in uses}
    for index in sorted(matched - refused):
        yield _lexicon().rules[index]


def _starting(words: Sequence[str], start: int) -> list[_Phrase]:
    lexicon, word = _lexicon(), words[start]
    known = lexicon.exact.get(word, ()) + lexicon.stems.get(word[:_STEM], ())
    return [
        phrase
        for phrase in known
        if start + len(phrase.words) <= len(words)
        and all(map(_fits, phrase.words, words[start : start + len(phrase.words)]))
    ]


def _fits(pattern: str, word: str) -> bool:
    """A star stands for any ending but a plural s: "socio*" is one person, "socios" a heading."""
    if pattern[-1] != "*":
        return word == pattern
    stem = pattern[:-1]
    return word.startswith(stem) and not (stem and word.endswith("s") and word != stem)


@cache
def _lexicon() -> _Lexicon:
    with _FILE.open("rb") as file:
        tables: dict[Group, list[dict[str, Any]]] = tomllib.load(file)  # type: ignore[assignment]
    rules: list[_Rule] = []
    exact: dict[str, list[_Phrase]] = {}
    stems: dict[str, list[_Phrase]] = {}
    for group, entries in tables.items():
        for entry in entries:
            rules.append(_Rule(group, entry["id"], entry["value"]))
            for phrase in _phrases(entry, len(rules) - 1):
                first = phrase.words[0]
                index, key = (stems, first[:_STEM]) if first[-1] == "*" else (exact, first)
                index.setdefault(key, []).append(phrase)
    return _Lexicon(
        tuple(rules),
        {word: tuple(phrases) for word, phrases in exact.items()},
        {stem: tuple(phrases) for stem, phrases in stems.items()},
    )


def _phrases(entry: Mapping[str, str], rule: int) -> Iterator[_Phrase]:
    uses: tuple[_Use, ...] = ("roles", "areas", "unless")
    for use in uses:
        for phrase in entry.get(use, "").split(","):
            if words := tuple(phrase.split()):
                yield _Phrase(words, rule, use)
