"""What stands in a report below the stages: tables, the same in every format for people."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.pipeline.causes import phrase
from app.report import Gap
from app.reports import FullReport
from app.reports._words import seconds, slowest

_RERUNS = ("rerun_marked", "items_retried")
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A table. `numbers`: headers of columns that are numbers. Cells are plain text, also from the
    web: whoever prints them makes them harmless."""

    title: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    numbers: frozenset[str] = field(default_factory=frozenset)


def sections(full: FullReport) -> list[Section]:
    """All that hold something, in the order in which they are read."""
    return [section for section in (*_results(full), *_history(full)) if section.rows]


def _results(full: FullReport) -> Iterator[Section]:
    report = full.report
    yield _slowest(full)
    yield _section(
        "Sources",
        "source, state, found*, error, licence",
        [(each.source, each.status, each.found, each.error, each.licence)
         for each in report.sources],
    )  # fmt: skip
    yield _section(
        "Not delivered",
        "count*, status, cause, for example, reason",
        [(each.count, each.status, phrase(each.cause), each.sample, each.reason)
         for each in report.missing],
    )  # fmt: skip
    yield _section(
        "Failures",
        "count*, stage, cause, state, for example, reason",
        [(each.count, each.stage, each.cause, each.state, each.sample, each.reason)
         for each in report.failures],
    )  # fmt: skip
    yield _section(
        "What the stages counted",
        "stage, counts",
        [(stage, ", ".join(f"{count} {name}" for name, count in counts.items()))
         for stage, counts in report.statistics.items() if counts],
    )  # fmt: skip
    yield _gaps(full)
    yield _section(
        "Found again",
        "what, count*, for example",
        [(each.what, each.count, each.sample)
         for each in (*report.duplicates, *report.delivered_earlier)],
    )  # fmt: skip
    yield _section(
        "Rows of one company differ in",
        "what, companies*, for example",
        [(each.what, each.count, each.sample) for each in report.disagreements],
    )  # fmt: skip
    yield _budget(full)
    yield _costs(full)


def _history(full: FullReport) -> Iterator[Section]:
    report = full.report
    yield _section(
        "Reruns",
        "when (UTC), stage, who, what and why",
        [(f"{event.at:%Y-%m-%d %H:%M:%S}", event.stage, event.actor, event.reason)
         for event in full.events if event.what in _RERUNS],
    )  # fmt: skip
    yield _section(
        "Decisions",
        "when (UTC), who, what, stage, why",
        [(f"{each.at:%Y-%m-%d %H:%M:%S}", each.who, each.told, each.stage, each.reason)
         for each in report.decisions],
    )  # fmt: skip
    yield _section(
        "Files",
        "file, rows*, SHA-256",
        [(each.path, "" if each.kind == "manifest" else each.rows, each.sha256[:16])
         for each in report.files],
    )  # fmt: skip
    yield _section(
        "What happened",
        "when (UTC), what, stage, who, why",
        [(f"{event.at:%Y-%m-%d %H:%M:%S}", event.what, event.stage, event.actor, event.reason)
         for event in full.events],
    )  # fmt: skip


def _slowest(full: FullReport) -> Section:
    rows: list[Row] = []
    for time in slowest(full):
        pace = full.pace.get(time.stage)
        limit = seconds(time.limit) + (", exceeded" if time.slow else "")
        paces = (pace.average, pace.p95, pace.max) if pace else (None, None, None)
        rows.append((time.stage, seconds(time.seconds), limit, *map(seconds, paces)))
    header = "stage, time*, limit*, item on average*, 95 of 100 within*, longest*"
    return _section("Slowest stages", header, rows)


def _gaps(full: FullReport) -> Section:
    """One row for each field: how often it is missing, and why."""
    found: dict[Row, list[Gap]] = defaultdict(list)
    for gap in full.report.gaps:
        found[gap.field, "people" if gap.of_people else "companies"].append(gap)
    rows: list[Row] = [
        (*of, sum(gap.count for gap in gaps), sum(gap.ready for gap in gaps),
         ", ".join(f"{gap.count} {gap.kind.replace('_', ' ')}" for gap in gaps))
        for of, gaps in found.items()
    ]  # fmt: skip
    return _section("Fields that are missing", "field, of, count*, of those delivered*, why", rows)


def _budget(full: FullReport) -> Section:
    rows: list[Row] = [
        (limit["stage"] or "the run", limit["amount"], limit["spent"],
         limit["amount"] - limit["spent"])
        for limit in full.limits if limit["amount"] is not None
    ]  # fmt: skip
    rows += [
        ("any one company", limit["company_amount"], "", "")
        for limit in full.limits
        if limit["company_amount"] is not None
    ]
    return _section("Budget", "of, limit*, spent*, left*", rows)


def _costs(full: FullReport) -> Section:
    rows: list[Row] = [
        (cost.by, cost.name, cost.calls, cost.settled, cost.open, cost.lost, cost.total)
        for kind in ("run", "stage", "provider", "company")
        for cost in full.costs_by(kind)
    ]
    return _section("Costs", "by, name, calls*, settled*, open*, lost*, total*", rows)


def _section(title: str, header: str, rows: list[Row]) -> Section:
    """`header`: names by commas; a star marks numbers."""
    names = [name.strip() for name in header.split(",")]
    numbers = frozenset(name.rstrip("*") for name in names if name.endswith("*"))
    return Section(title, tuple(name.rstrip("*") for name in names), tuple(rows), numbers)
