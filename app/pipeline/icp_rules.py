"""The rules of the ICP as a file gives them: `icp_rules.toml` beside this one, or a person's own.

The file explains its own words. What is wrong in it is told with its line and rule.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

from app.errors import InputError, UnknownName
from app.pipeline._icp_conditions import CONDITIONS, Asked, Condition
from app.records.criteria import Criteria, folded

DEFAULT = Path(__file__).with_suffix(".toml")
MAX_BYTES, MAX_RULES, MAX_VALUES, MAX_WEIGHT = 200_000, 200, 1_000, 1_000

_KEYS = ("id", "asks", "weight", "condition", "needs", "values", "number", "rejects")
_RULE_KEYS = (*_KEYS, "unless_asked")
_FILE_KEYS = ("tier_a", "tier_b", "rule")
_ID, _CAUSE = re.compile(r"[a-z0-9_.]{1,60}"), re.compile(r"[a-z][a-z0-9_]{0,40}")
_HEAD = re.compile(r"\s*\[\[\s*rule\s*\]\]")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: see icp_rules.toml. `rejects` is empty for a rule that rejects nobody."""

    id: str
    asks: str
    weight: int
    condition: Condition
    asked: Asked
    rejects: str = ""
    unless_asked: tuple[str, ...] = ()

    def applies(self, criteria: Criteria) -> bool:
        """Whether no criterion is given that it makes way for."""
        return all(getattr(criteria, name) in ("", None, ()) for name in self.unless_asked)


@dataclass(frozen=True, slots=True)
class Rules:
    """A whole file. `digest`: the first 8 hex digits of its SHA-256."""

    rules: tuple[Rule, ...]
    tier_a: float
    tier_b: float
    digest: str

    @property
    def version(self) -> str:
        """What evidence names as its rule."""
        return f"icp.{self.digest}"


@lru_cache(maxsize=32)
def parse_rules(text: str = "", name: str = "the ICP file") -> Rules:
    """The rules in a file's text; without text, the ones that come with Sluice.

    Raises InputError with one line that names the file, the line, the rule, and what is known.
    """
    text = text or DEFAULT.read_text(encoding="utf-8")
    return _Reader(name, text).rules()


class _Reader:
    """One file while it is checked."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._text = text
        self._lines = text.splitlines()
        self._heads = [n for n, line in enumerate(self._lines) if _HEAD.match(line)]

    def rules(self) -> Rules:
        """All of it, checked."""
        if len(self._text) > MAX_BYTES:
            self._refuse(f"is larger than {MAX_BYTES:,} characters")
        try:
            whole = tomllib.loads(self._text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            self._refuse(f"is no TOML: {error}")
        self._known_keys(whole, _FILE_KEYS)
        given = whole.get("rule")
        if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
            self._refuse("has no [[rule]]")
        if not 1 <= len(given) <= MAX_RULES:
            self._refuse(f"has {len(given)} rules; 1 to {MAX_RULES} are allowed")
        rules = tuple(self._rule(number, entry) for number, entry in enumerate(given))
        ids = [rule.id for rule in rules]
        for number, each in enumerate(ids):
            if each in ids[:number]:
                self._refuse("is there twice; give each rule an id of its own", number, "id", each)
        tier_a, tier_b = (self._share(whole, key) for key in ("tier_a", "tier_b"))
        if tier_a < tier_b:
            self._refuse(f"tier_a {tier_a:g} is below tier_b {tier_b:g}")
        digest = hashlib.sha256(self._text.encode()).hexdigest()[:8]
        return Rules(rules, tier_a, tier_b, digest)

    def _rule(self, number: int, entry: Mapping[str, Any]) -> Rule:
        name = str(entry.get("id", ""))
        self._known_keys(entry, _RULE_KEYS, number, name)
        if not _ID.fullmatch(name):
            self._refuse('needs an id of a-z, 0-9, "_" and ".", for example my.size', number, "id")
        word = entry.get("condition", "")
        if word not in CONDITIONS:
            self._unknown("condition", word, CONDITIONS, number, "condition", name)
        condition = CONDITIONS[word]
        weight = entry.get("weight", 0)
        if type(weight) is not int or not 0 <= weight <= MAX_WEIGHT:
            self._refuse(f"weight {weight!r} is no whole number from 0 to {MAX_WEIGHT}",
                         number, "weight", name)  # fmt: skip
        rejects = entry.get("rejects", "")
        if rejects and not (isinstance(rejects, str) and _CAUSE.fullmatch(rejects)):
            self._refuse(f"rejects {rejects!r} is no word like wrong_size", number, "rejects", name)
        unless = self._texts(number, entry, "unless_asked", name)
        for each in unless:
            if each not in Criteria.model_fields:
                self._unknown(
                    "criterion", each, Criteria.model_fields, number, "unless_asked", name
                )
        asked = Asked(
            self._needs(number, entry, condition, name),
            self._values(number, entry, condition, name),
            self._number(number, entry, condition, name),
        )
        return Rule(name, str(entry.get("asks", "")), weight, condition, asked, rejects, unless)

    def _needs(
        self, number: int, entry: Mapping[str, Any], condition: Condition, name: str
    ) -> tuple[str, ...]:
        needs = self._texts(number, entry, "needs", name)
        for each in needs:
            if each not in condition.needs:
                self._unknown("value", each, condition.needs, number, "needs", name)
        if not needs:
            known = ", ".join(sorted(condition.needs))
            self._refuse(f"needs must name what it rests on, of: {known}", number, "needs", name)
        single = entry["condition"] in ("one_of", "none_of", "at_least", "at_most")
        if single and len(needs) > 1:
            self._refuse("needs must name one value for this condition", number, "needs", name)
        return needs

    def _values(
        self, number: int, entry: Mapping[str, Any], condition: Condition, name: str
    ) -> tuple[str, ...]:
        values = self._texts(number, entry, "values", name)
        if (condition.argument == "values") != bool(values):
            verb = "needs" if condition.argument == "values" else "takes no"
            self._refuse(f"condition {entry['condition']} {verb} values", number, "values", name)
        if any(not folded(value) for value in values) or len(values) > MAX_VALUES:
            self._refuse(f"values must be 1 to {MAX_VALUES} texts with a letter or a digit",
                         number, "values", name)  # fmt: skip
        return values

    def _number(
        self, number: int, entry: Mapping[str, Any], condition: Condition, name: str
    ) -> int:
        given = entry.get("number")
        if (condition.argument == "number") != (type(given) is int):
            verb = "needs a whole" if condition.argument == "number" else "takes no"
            self._refuse(f"condition {entry['condition']} {verb} number", number, "number", name)
        return given if type(given) is int else 0

    def _texts(self, number: int, entry: Mapping[str, Any], key: str, name: str) -> tuple[str, ...]:
        given = entry.get(key, [])
        if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
            self._refuse(f'{key} must be a list of texts, as in ["a", "b"]', number, key, name)
        return tuple(given)

    def _share(self, whole: Mapping[str, Any], key: str) -> float:
        given = whole.get(key, {"tier_a": 0.8, "tier_b": 0.5}[key])
        if type(given) not in (int, float) or not 0 <= given <= 1:
            self._refuse(f"{key} {given!r} is no share from 0 to 1", key=key)
        return float(given)

    def _known_keys(
        self,
        entry: Mapping[str, Any],
        known: Iterable[str],
        number: int | None = None,
        name: str = "",
    ) -> None:
        for key in entry:
            if key not in known:
                self._unknown("key", key, known, number, key, name)

    def _unknown(
        self, kind: str, word: object, known: Iterable[str], number: int | None, key: str, name: str
    ) -> NoReturn:
        self._refuse(str(UnknownName(kind, str(word), known)), number, key, name)

    def _refuse(
        self, what: str, number: int | None = None, key: str = "", rule: str = ""
    ) -> NoReturn:
        parts = [self._name, f"line {self._line(number, key)}" if number is not None or key else ""]
        if number is not None:
            parts.append(f"rule {rule}" if rule else f"rule {number + 1}")
        place = ", ".join(part for part in parts if part)
        raise InputError(" ".join(f"{place}: {what}".split())[:500])

    def _line(self, number: int | None, key: str) -> int:
        """The line of a key of a rule, from 1; that of the rule where the key is missing."""
        if number is not None and number >= len(self._heads):
            return 1
        first = 0 if number is None else self._heads[number]
        later = [head for head in self._heads if head > first]
        last = later[0] if later else len(self._lines)
        spelled = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=") if key else None
        for line in range(first, last):
            if spelled and spelled.match(self._lines[line]):
                return line + 1
        return first + 1
