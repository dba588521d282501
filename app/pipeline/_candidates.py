"""Evidence grouped by the value it gives, best first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, get_args

from app.records.evidence import Evidence, Method

PAGE_BONUS, MOST_PAGES, METHOD_BONUS = 0.02, 5, 0.03
_METHODS: Final[tuple[Method, ...]] = get_args(Method)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value with all evidence for it, best first."""

    value: str
    evidence: tuple[Evidence, ...]
    first: int

    @property
    def best(self) -> Evidence:
        return self.evidence[0]

    @property
    def pages(self) -> int:
        return len({one.source_url for one in self.evidence})

    @property
    def score(self) -> float:
        further = min(self.pages - 1, MOST_PAGES)
        methods = len({one.method for one in self.evidence})
        bonus = PAGE_BONUS * further + METHOD_BONUS * (methods - 1)
        return round(self.best.confidence + bonus, 6)


def candidates(evidence: Iterable[Evidence], field: str) -> list[Candidate]:
    """The values that the evidence gives for a field, best first. Values that differ only in case
    and punctuation are one."""
    groups: dict[str, list[tuple[int, Evidence]]] = {}
    for number, one in enumerate(evidence):
        if one.field == field:
            groups.setdefault(key_of(one.value), []).append((number, one))
    found = [candidate_of(group) for group in groups.values()]
    return sorted(found, key=lambda c: (-c.score, _METHODS.index(c.best.method), -c.pages, c.first))


def candidate_of(group: list[tuple[int, Evidence]]) -> Candidate:
    """The candidate of numbered evidence for one value."""
    ordered = sorted(group, key=lambda pair: (-pair[1].confidence, pair[0]))
    return Candidate(ordered[0][1].value, tuple(one for _, one in ordered), group[0][0])


def key_of(value: str) -> str:
    """A value without case and punctuation."""
    bare = "".join(char if char.isalnum() else " " for char in value.casefold()).split()
    return " ".join(bare) or value
