"""How right app.pipeline.same_company is on labelled pairs of places.

A file has a row per pair: `label` (1: one place, 0: two), `id`, `base_id`, and for either side
(the second with the prefix `base_`) names, websites, phones, addresses as JSON in the form of
Overture Places, or name, website, phone, street, city, state, postcode as plain text. Weights were
fitted on the half "fit" of the pairs of Overture Places; "held out" is what they were not fitted
on. A pair is in one or the other by the first byte of the SHA-256 of id and base_id: even is fit.
"""

import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from app.crawl.domains import registrable
from app.errors import InputError
from app.pipeline.same_company import RULES, Match, Place, decide, read_row
from bench.evaluate.corpus import ROOT

BUNDLED: Final = Path(__file__).with_name("place_pairs.csv")
"""Fictional pairs: a line or two for each kind of likeness, and for each trap."""
HALVES: Final = ("fit", "held out")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two places, whether they are one, and what was decided. `met`: they share a blocking key."""

    half: str
    one: Place
    two: Place
    is_same: bool
    match: Match
    met: bool


@dataclass(frozen=True, slots=True)
class PairFigure:
    """`right`: found to be one and are; `wrong`: found to be one and are two; `missed`: are one and
    were not found. `unmet`: of those found, how many `group` would not have compared."""

    pairs: int
    right: int
    wrong: int
    missed: int
    unmet: int

    @property
    def precision(self) -> float:
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return _share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float:
        return _share(2 * self.right, 2 * self.right + self.wrong + self.missed)

    def as_json(self) -> dict[str, float]:
        shares = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        counts = {"right": self.right, "wrong": self.wrong, "missed": self.missed}
        return {**shares, **counts, "pairs": self.pairs, "unmet": self.unmet}


def files_at_hand() -> list[Path]:
    """The bundled pairs, and labelled ones in a folder beside the checkout."""
    return [BUNDLED, *sorted(ROOT.parent.glob("*/data/*place_pairs*.csv"))]


def evaluate_pairs(file: Path) -> list[Pair]:
    """Decide every pair of a file. Raises InputError."""
    try:
        with file.open(encoding="utf-8", newline="") as text:
            return [_pair(row) for row in csv.DictReader(text)]
    except OSError as error:
        raise InputError(f"pairs {file}: {error.strerror}; give a readable CSV file") from None
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise InputError(f"pairs {file}: not as bench/evaluate/pairs.py says: {error!r}") from None


def figures(pairs: Sequence[Pair]) -> dict[str, PairFigure]:
    """The figure of either half, and of all."""
    halves = {half: [pair for pair in pairs if pair.half == half] for half in HALVES}
    return {half: _figure(some) for half, some in {**halves, "all": list(pairs)}.items()}


def calibration(pairs: Sequence[Pair]) -> dict[str, tuple[int, float]]:
    """Bins of stated confidence -> how many held-out pairs, and the share decided rightly."""
    bins: dict[str, list[bool]] = {}
    for pair in pairs:
        if pair.half == HALVES[1]:
            low = min(int(pair.match.confidence * 10), 9) / 10
            bins.setdefault(f"{low:.1f}-{low + 0.1:.1f}", []).append(_is_right(pair))
    return {name: (len(hits), _share(sum(hits), len(hits))) for name, hits in sorted(bins.items())}


def errors_by_kind(pairs: Sequence[Pair]) -> list[tuple[str, str, int]]:
    """(wrong or missed, the rule that spoke loudest for the error, how often), the commonest
    first."""
    counted = Counter(_kind(pair) for pair in pairs if not _is_right(pair))
    return sorted(((*kind, count) for kind, count in counted.items()), key=lambda row: -row[2])


def report_pairs(file: Path, *, with_errors: bool = False) -> str:
    """The figures of a file as plain text."""
    pairs = evaluate_pairs(file)
    head = f"{file.stem}: {len(pairs)} pairs of places, the same or not"
    columns = f"{'':9} precision  recall     F1  right  wrong  missed  not compared"
    lines = [head, "=" * len(head), columns]
    lines += [_line(name, figure) for name, figure in figures(pairs).items()]
    lines += ["", "share right at confidence (held out)"]
    lines += [f"{name:9} {right:9.3f} of {n}" for name, (n, right) in calibration(pairs).items()]
    lines += ["", "errors by kind"]
    lines += [f"{n:4}  {what:6}  {rule}" for what, rule, n in errors_by_kind(pairs)]
    return "\n".join([*lines, *(_listed(pairs) if with_errors else ())])


def figures_json(file: Path) -> dict[str, dict[str, float]]:
    """Half -> figures."""
    return {half: each.as_json() for half, each in figures(evaluate_pairs(file)).items()}


def _pair(row: Mapping[str, str]) -> Pair:
    one, two = _place(row, ""), _place(row, "base_")
    odd = sha256((row["id"] + row["base_id"]).encode()).digest()[0] & 1
    met = not set(read_row(one).keys).isdisjoint(read_row(two).keys)
    return Pair(HALVES[odd], one, two, row["label"] == "1", decide(one, two), met)


def _place(row: Mapping[str, str], side: str) -> Place:
    if f"{side}names" not in row:
        plain = ("name", "website", "phone", "street", "city", "state", "postcode")
        said = {column: row[f"{side}{column}"] for column in plain}
        return Place(**said, domain=registrable(said["website"]), country="US")  # type: ignore[arg-type]
    website = str(_first(row[f"{side}websites"]) or "")
    address = _first(row[f"{side}addresses"]) or {}
    names = json.loads(row[f"{side}names"] or "{}")
    return Place(
        name=names.get("primary") or "",
        domain=registrable(website),
        website=website,
        phone=str(_first(row[f"{side}phones"]) or ""),
        street=address.get("freeform") or "",
        city=address.get("locality") or "",
        state=address.get("region") or "",
        postcode=address.get("postcode") or "",
        country=address.get("country") or "",
    )


def _first(cell: str) -> Any:
    return next(iter(json.loads(cell) or ()), None) if cell else None


def _figure(pairs: Sequence[Pair]) -> PairFigure:
    found = [pair for pair in pairs if pair.match.same]
    right = sum(pair.is_same for pair in found)
    missed = sum(pair.is_same for pair in pairs) - right
    unmet = sum(not pair.met for pair in found)
    return PairFigure(len(pairs), right, len(found) - right, missed, unmet)


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _is_right(pair: Pair) -> bool:
    return pair.match.same == pair.is_same


def _kind(pair: Pair) -> tuple[str, str]:
    """The heaviest rule on the side of the error."""
    sign = 1 if pair.match.same else -1
    loudest = max(pair.match.reasons, key=lambda rule: sign * RULES[rule].weight, default="")
    return "wrong" if pair.match.same else "missed", loudest


def _line(name: str, figure: PairFigure) -> str:
    shares = f"{figure.precision:10.3f}  {figure.recall:6.3f}  {figure.f1:5.3f}"
    counts = f"{figure.right:5}  {figure.wrong:5}  {figure.missed:6}  {figure.unmet:12}"
    return f"{name:9}{shares}  {counts}"


def _listed(pairs: Sequence[Pair]) -> Iterator[str]:
    for pair in pairs:
        if not _is_right(pair):
            what, rule = _kind(pair)
            yield f"\n{what} by {rule}: {' '.join(pair.match.reasons)}"
            yield from (f"    {_told(place)}" for place in (pair.one, pair.two))


def _told(place: Place) -> str:
    cells = (place.name, place.website, place.phone, place.street, place.city, place.postcode)
    return " | ".join(cells)
