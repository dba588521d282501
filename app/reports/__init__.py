"""A format of `sluice report`: one file each, named by its format, that exports `FORMAT`.

`FORMAT(full: FullReport) -> str` is the whole document. Names of companies, causes and reasons are
from the web: a format makes them harmless.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.db.pool import Database
from app.db.queries import query
from app.pipeline.graph import Graph
from app.report import Report, StageTime, load_report

_EVENTS = 200
_DEAREST = 20


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds that the attempts of a stage took."""

    attempts: int
    average: float
    p95: float
    max: float


@dataclass(frozen=True, slots=True)
class Cost:
    """Paid calls: `by` is run, stage, provider or company; `open` is reserved, not settled;
    `of_all`: how many of its kind there are."""

    by: str
    name: str
    calls: int
    settled: Decimal
    open: Decimal
    lost: Decimal
    total: Decimal
    of_all: int


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a run, and why: reruns, pauses, retries, breakers, lost items."""

    at: datetime
    what: str
    stage: str
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class FullReport:
    """All that a report shows. `needs`: the stage graph, each stage with those before it."""

    report: Report
    times: Sequence[StageTime]
    pace: Mapping[str, Pace]
    costs: Sequence[Cost]
    limits: Sequence[Mapping[str, Any]]
    events: Sequence[Event]
    needs: Mapping[str, Sequence[str]]

    def costs_by(self, kind: str) -> list[Cost]:
        """The paid calls by run, stage, provider or company; the dearest first."""
        return [cost for cost in self.costs if cost.by == kind]


Format = Callable[[FullReport], str]


async def load_full(
    database: Database, run_id: UUID, graph: Graph, limits: Mapping[str, float] | None = None
) -> FullReport:
    """Everything about a run. `limits`: most seconds by stage, "" for every other; default: as the
    run was created. Raises RunNotFound."""
    report = await load_report(database, run_id)
    paces = await database.fetch(query("reports.pace"), run_id)
    costs = await database.fetch(query("costs.totals"), run_id, _DEAREST)
    budget = await database.fetch(query("costs.limits"), run_id)
    events = await database.fetch(query("reports.events"), run_id, _EVENTS)
    return FullReport(
        report,
        report.times(limits),
        {row["stage"]: Pace(*list(row.values())[1:]) for row in paces},
        [Cost(**row) for row in costs if row["calls"]],
        [dict(row) for row in budget],
        [_event(row) for row in events],
        {stage.name: stage.needs for stage in graph},
    )


def _event(row: Any) -> Event:
    """`reason` is what its data say, in words."""
    data = row["data"]
    said = [str(data["reason"])] if data.get("reason") else []
    for name, value in data.items():
        if name != "reason" and value:
            words = ", ".join(map(str, value)) if isinstance(value, list) else value
            said.append(f"{name.replace('_', ' ')}: {words}")
    return Event(row["at"], row["what"], row["stage"] or "", row["actor"], "; ".join(said))
