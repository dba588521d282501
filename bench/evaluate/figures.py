"""From marks to figures. Shares are 0 to 1, rounded to four places; None where nothing counts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Final

from bench.evaluate.mark_people import CHANNELS
from bench.evaluate.marks import UNLABELLED, WRONG_PERSON, Mark

FIELDS: Final = tuple(
    "reach company_name category company_type street city state postcode country founded "
    "company_linkedin units email phone fax software people title person_email person_phone "
    "person_linkedin traps software_traps".split()
)
BINS: Final = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
GROUPS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "company": ("company_name", "category", "company_type", "founded", "company_linkedin"),
        "address": ("street", "city", "state", "postcode", "country"),
        "units": ("units",),
        "reached by": ("email", "phone", "fax"),
        "software": ("software",),
        "people": ("people", "title"),
        "given to people": tuple(CHANNELS),
    }
)


@dataclass(frozen=True, slots=True)
class Figure:
    """Marks of one field, counted. `instead`: wrong values in the place of labelled ones;
    `unjudged`: found, and open."""

    right: int
    wrong: int
    instead: int
    missed: int
    open: int
    unjudged: int

    @property
    def precision(self) -> float | None:
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float | None:
        return _share(self.right, self.right + self.missed + self.instead)

    @property
    def at_worst(self) -> float | None:
        """The precision if every value that is open were wrong."""
        return _share(self.right, self.right + self.wrong + self.unjudged)

    @property
    def f1(self) -> float | None:
        """Equal to the harmonic mean of the two."""
        return _share(2 * self.right, 2 * self.right + self.wrong + self.missed + self.instead)

    def as_json(self) -> dict[str, Any]:
        counts = {"right": self.right, "wrong": self.wrong, "missed": self.missed}
        shares = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        return {**shares, "at_worst": self.at_worst, **counts, "open": self.open}


_COUNTS: Final = ("right", "wrong", "instead", "missed", "open", "unjudged")


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def figure_of(marks: Iterable[Mark]) -> Figure:
    """The figure of some marks, of whatever fields."""
    counted: Counter[str] = Counter()
    for mark in marks:
        counted[mark.verdict] += 1
        counted["instead"] += mark.verdict == "wrong" and bool(mark.label)
        counted["unjudged"] += mark.verdict == "open" and bool(mark.found)
    return Figure(*(counted[name] for name in _COUNTS))


def by_field(marks: Sequence[Mark]) -> dict[str, Figure]:
    """The figure of every field that has a mark."""
    seen = {mark.field for mark in marks}
    return {
        field: figure_of(mark for mark in marks if mark.field == field)
        for field in FIELDS
        if field in seen
    }


def given_wrongly(marks: Sequence[Mark]) -> dict[str, int]:
    """Channel -> how often somebody else's was given to a person."""
    wrong = [mark for mark in marks if mark.verdict == "wrong" and mark.why in WRONG_PERSON]
    return {
        field: sum(mark.field == field for mark in wrong)
        for field in CHANNELS
        if any(mark.field == field for mark in marks)
    }


def by_vendor(marks: Sequence[Mark]) -> dict[str, tuple[Figure, Figure]]:
    """Vendor -> (its figure, the traps laid with its name: right = not reported)."""
    own = [mark for mark in marks if mark.field == "software"]
    traps = [mark for mark in marks if mark.field == "software_traps"]
    names = sorted({mark.label or mark.found for mark in (*own, *traps)})
    return {
        name: tuple(  # type: ignore[misc]
            figure_of(mark for mark in some if (mark.label or mark.found) == name)
            for some in (own, traps)
        )
        for name in names
    }


def confusions(marks: Sequence[Mark]) -> dict[str, Counter[str]]:
    """Field -> kind of error -> how often."""
    found: dict[str, Counter[str]] = {}
    for mark in marks:
        if mark.verdict in ("wrong", "missed") and not mark.field.endswith("traps"):
            found.setdefault(mark.field, Counter())[_kind(mark)] += 1
    return {field: found[field] for field in FIELDS if field in found}


def _kind(mark: Mark) -> str:
    if mark.field in ("reach", "category", "company_type"):
        return f"{mark.label or 'none'} -> {mark.found or 'none'}"
    if mark.verdict == "missed":
        return f"missed: {mark.why}" if mark.why.startswith("its page") else "missed"
    kind = mark.why.partition(";")[0]
    return kind if kind in _KINDS else "another value"


_KINDS: Final = WRONG_PERSON | {
    "a duplicate",
    "a fax number",
    "a phone number",
    "a blocked page was read",
    UNLABELLED,
}


@dataclass(frozen=True, slots=True)
class Bin:
    """Marks whose stated confidence is at least `low` and below `high` (the last bin: up to it)."""

    low: float
    high: float
    count: int
    stated: float | None
    right: float | None


def calibration(marks: Sequence[Mark]) -> dict[str, list[Bin]]:
    """Per group of fields: stated confidence beside the share that was right."""
    return {
        group: [_bin(marks, fields, low, high) for low, high in pairwise(BINS)]
        for group, fields in GROUPS.items()
    }


def _bin(marks: Sequence[Mark], fields: Sequence[str], low: float, high: float) -> Bin:
    inside = [
        (mark.confidence, mark.verdict == "right")
        for mark in marks
        if mark.field in fields
        and mark.verdict in ("right", "wrong")
        and mark.confidence is not None
        and (low <= mark.confidence < high or mark.confidence == high == BINS[-1])
    ]
    if not inside:
        return Bin(low, high, 0, None, None)
    stated = round(sum(sure for sure, _ in inside) / len(inside), 4)
    return Bin(low, high, len(inside), stated, _share(sum(hit for _, hit in inside), len(inside)))


def errors(marks: Sequence[Mark], *verdicts: str) -> list[Mark]:
    """The marks of these verdicts, by field, site and value; traps are among the others' errors."""
    kept = [one for one in marks if one.verdict in verdicts and not one.field.endswith("traps")]
    return sorted(kept, key=lambda one: (FIELDS.index(one.field), one.site, one.label, one.found))
