"""Rows as sources gave them -> companies that are new to the run, and duplicates.

Which of two rows is kept follows from the order of the sources alone: the first one, except that a
row with a website takes the place of one without, since only a website can be researched. Rows are
compared as their sources gave them, never as researched. Nothing is mixed: the company keeps its
own values, and what the duplicate says is further evidence, under a rule of its own
("duplicate.osm"), which research and the files pass over.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from app.pipeline.outcomes import Duplicate, Found, Records, Replaced
from app.pipeline.same_company import Match, Place, Register, Row, loudest, place_of, read_row
from app.records.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Known:
    """A company of this run that is stored. `keys`: those by which it was asked for. `replaced`:
    another row stands for it already. `source_ref`: the row that it is from."""

    id: int
    place: Place
    keys: tuple[int, ...]
    replaced: bool = False
    source_ref: str = ""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A company that an earlier run delivered, and when."""

    id: int
    place: Place
    keys: tuple[int, ...]
    run_id: UUID
    at: datetime

    @property
    def sentence(self) -> str:
        """The run and the day."""
        return f"run {str(self.run_id)[:8]} on {self.at:%Y-%m-%d}"


def place_from(facts: Mapping[str, str]) -> Place:
    """A row as its source gave it, from the evidence that it left."""

    def said(field: str) -> str:
        return facts.get(field, "")

    return Place(
        name=said("company_name"),
        domain=said("domain"),
        website=said("website"),
        phone=said("phone"),
        street=said("street"),
        city=said("city"),
        state=said("state"),
        postcode=said("postcode"),
        country=said("country"),
    )


def rows_of(found: Iterable[Found]) -> list[Row]:
    """What each is compared by, read once."""
    return [read_row(place_of(each.company)) for each in found]


class Sieve:
    """One batch against what is stored. `known` in the order of the run, `delivered` newest first;
    both as asked for by the keys of the batch."""

    def __init__(
        self, known: Sequence[Known], delivered: Sequence[Delivered], *, exclude_delivered: bool
    ) -> None:
        self._run = Register()
        self._earlier = Register()
        self._deliveries = {each.id: each for each in delivered}
        self._exclude = exclude_delivered
        self._found: list[Found] = []
        self._duplicates: list[Duplicate] = []
        self._replaced: list[Replaced] = []
        self._stored = {(one.source_ref, one.place) for one in known}
        for one in known:
            self._run.add(one.id, read_row(one.place, one.keys))
            if one.replaced:
                self._run.replace(one.id)
        for each in delivered:
            self._earlier.add(each.id, read_row(each.place, each.keys))

    def sift(self, found: Sequence[Found], rows: Sequence[Row]) -> Records:
        """The new ones of these rows, in their order, and the duplicates."""
        for each, row in zip(found, rows, strict=True):
            self._take(each, row)
        return Records(
            found=tuple(self._found),
            duplicates=tuple(self._duplicates),
            replaced=tuple(self._replaced),
        )

    def _take(self, each: Found, row: Row) -> None:
        if (each.company.source_ref, row.place) in self._stored:
            return  # the very row, read once more because discovery is done again
        hit = self._run.find(row)
        if hit and (hit[1].website or not row.place.website):
            self._duplicates.append(Duplicate(hit[0], _as_duplicate(each), *_why(hit[2])))
            return
        ref = -len(self._found) - 1
        roomy = self._run.add(ref, row)
        self._found.append(replace(self._told(each, row), keys=roomy))
        if hit:
            self._run.replace(hit[0])
            self._replaced.append(Replaced(ref, hit[0], *_why(hit[2])))

    def _told(self, each: Found, row: Row) -> Found:
        """The company, with the earlier run that delivered it, if any."""
        hit = self._earlier.find(row)
        if not hit:
            return each
        delivery, match = self._deliveries[hit[0]], hit[2]
        fact = Evidence(
            "delivered_earlier",
            delivery.sentence,
            f"run:{delivery.run_id}",
            ", ".join(filter(None, (hit[1].name, hit[1].domain, hit[1].city))),
            "rule",
            match.confidence,
            f"delivered.{loudest(match)}",
            each.evidence[0].seen_at if each.evidence else delivery.at,
        )
        each = replace(each, evidence=(*each.evidence, fact))
        if not self._exclude:
            return each
        return replace(each, cause="delivered_earlier", reason=f"delivered in {delivery.sentence}")


def _why(match: Match) -> tuple[str, tuple[str, ...], float]:
    return loudest(match), match.reasons, match.confidence


def _as_duplicate(each: Found) -> Found:
    facts = [
        replace(one, rule=f"duplicate.{one.rule.removeprefix('source.')}") for one in each.evidence
    ]
    return replace(each, evidence=tuple(facts))
