"""The report as Markdown: readable as it is, and in whatever renders it."""

import re
from collections.abc import Iterable, Sequence

from app.pipeline.causes import phrase
from app.reports import FullReport
from app.reports._words import criteria, headline, percent, seconds, slowest

_BAR = 20
_SPECIAL = re.compile(r"([\\`*{}\[\]<>#!|~$&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")


def safe(value: object) -> str:
    """Text that Markdown shows as it is: on one line, every mark of its language escaped."""
    return _SPECIAL.sub(r"\\\1", " ".join(str(value).split()))


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """A table, and an empty line below."""
    lines = [f"| {' | '.join(header)} |", f"|{'---|' * len(header)}"]
    lines += [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]
    return [*lines, ""]


def render(full: FullReport) -> str:
    """The document."""
    report, run = full.report, full.report.progress.run
    lines = [f"# {safe(headline(full))}", ""]
    lines += [f"- run: {run.id}", f"- created: {run.created_at:%Y-%m-%d %H:%M} UTC"]
    lines += [f"- took: {seconds(report.progress.seconds)}", f"- contacts: {report.contacts}"]
    lines += [f"- criteria: {safe(criteria(full))}"]
    lines += [f"- sources: {safe(', '.join(run.request.sources))}"]
    lines += [f"- note: {safe(note)}" for note in report.progress.notes]
    lines += [f"- **slow: {safe(time.warning())}**" for time in full.times if time.slow]
    lines += ["", "## Stages", "", *_stages(full)]
    for title, body in (
        ("Slowest stages", _slowest(full)),
        ("Sources", _sources(full)),
        ("Not delivered", _missing(full)),
        ("Failures", _failures(full)),
        ("Costs", _costs(full)),
        ("Files", [f"- {safe(each.path)} ({each.rows} rows)" for each in report.files]),
        ("What happened", _events(full)),
        ("Stage graph", _graph(full)),
    ):
        if body:
            lines += [f"## {title}", "", *body, ""]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"


def _stages(full: FullReport) -> list[str]:
    header = ("stage", "state", "progress", "total", "success", "skipped", "review", "failed",
              "open", "time")  # fmt: skip
    return table(
        header,
        (
            (time.stage, time.status, _bar(percent(time)), time.total, time.success, time.skipped,
             time.review, time.failed, time.open, seconds(time.seconds))
            for time in full.times
        ),
    )  # fmt: skip


def _bar(share: int) -> str:
    filled = share * _BAR // 100
    return f"`{'█' * filled}{'░' * (_BAR - filled)}` {share} %"


def _slowest(full: FullReport) -> list[str]:
    rows = []
    for time in slowest(full):
        pace = full.pace.get(time.stage)
        limit = seconds(time.limit) + (" **exceeded**" if time.slow else "")
        paces = (seconds(each) for each in (pace.average, pace.p95, pace.max)) if pace else [""] * 3
        rows.append((time.stage, seconds(time.seconds), limit, *paces))
    header = ("stage", "time", "limit", "item: average", "95 of 100 within", "longest")
    return table(header, rows) if rows else []


def _sources(full: FullReport) -> list[str]:
    rows = [
        (safe(each.source), each.status, each.found, safe(each.error), safe(each.licence))
        for each in full.report.sources
    ]
    return table(("source", "state", "found", "error", "licence"), rows) if rows else []


def _missing(full: FullReport) -> list[str]:
    rows = [
        (each.count, each.status, safe(phrase(each.cause)), safe(each.sample), safe(each.reason))
        for each in full.report.missing
    ]
    return table(("count", "status", "cause", "for example", "reason"), rows) if rows else []


def _failures(full: FullReport) -> list[str]:
    rows = [
        (each.count, each.stage, safe(each.cause), each.state, safe(each.sample), safe(each.reason))
        for each in full.report.failures
    ]
    header = ("count", "stage", "cause", "state", "for example", "reason")
    return table(header, rows) if rows else []


def _costs(full: FullReport) -> list[str]:
    lines = [
        f"- {limit['stage'] or 'the run'}: {limit['spent']} spent of {limit['amount']}"
        for limit in full.limits
        if limit["amount"] is not None
    ]
    rows = [
        (f"{cost.by} {safe(cost.name)}".strip(), cost.calls, cost.settled, cost.open, cost.lost,
         cost.total)
        for kind in ("run", "stage", "provider", "company")
        for cost in full.costs_by(kind)
    ]  # fmt: skip
    header = ("of", "calls", "settled", "open", "lost", "total")
    return [*lines, "", *table(header, rows)] if rows else lines


def _events(full: FullReport) -> list[str]:
    rows = [
        (f"{event.at:%Y-%m-%d %H:%M:%S}", safe(event.what), safe(event.stage), safe(event.actor),
         safe(event.reason))
        for event in full.events
    ]  # fmt: skip
    return table(("when", "what", "stage", "who", "why"), rows) if rows else []


def _graph(full: FullReport) -> list[str]:
    arrows = [f"    {need} --> {stage}" for stage, needs in full.needs.items() for need in needs]
    return ["```mermaid", "graph LR", *arrows, "```"] if arrows else []


FORMAT = render
