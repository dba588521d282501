"""The report as Markdown: readable as it is, and in whatever renders it."""

import re
from collections.abc import Iterable, Sequence

from app.reports import FullReport
from app.reports._sections import sections
from app.reports._words import criteria, headline, percent, seconds

_BAR = 20
_SPECIAL = re.compile(r"([\\`*{}\[\]<>#!|~$&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")


def safe(value: object) -> str:
    """Text that Markdown shows as it is: on one line, every mark of its language escaped."""
    return _SPECIAL.sub(r"\\\1", " ".join(str(value).split()))


def render(full: FullReport) -> str:
    """The document."""
    report, run = full.report, full.report.progress.run
    lines = [f"# {safe(headline(full))}", ""]
    lines += [f"- run: {run.id}", f"- created: {run.created_at:%Y-%m-%d %H:%M} UTC"]
    lines += [f"- took: {seconds(report.progress.seconds)}", f"- contacts: {report.contacts}"]
    lines += [f"- criteria: {safe(criteria(full))}"]
    lines += [f"- sources: {safe(', '.join(run.request.sources))}"]
    lines += [f"- note: {safe(note)}" for note in report.progress.notes]
    lines += [f"- note: {safe(report.again)}"] if report.again else []
    lines += [f"- **slow: {safe(time.warning())}**" for time in full.times if time.slow]
    lines += ["", "## Stages", "", *_stages(full), "## Stage graph", "", *_graph(full)]
    for section in sections(full):
        cells = (tuple(safe(cell) for cell in row) for row in section.rows)
        lines += [f"## {section.title}", "", *_table(section.header, cells, section.numbers)]
    return "\n".join(lines).rstrip() + "\n"


def _table(
    header: Sequence[str], rows: Iterable[Sequence[object]], numbers: Iterable[str] = ()
) -> list[str]:
    """A table, and an empty line below."""
    rule = "|".join("--:" if name in numbers else "---" for name in header)
    lines = [f"| {' | '.join(header)} |", f"|{rule}|"]
    lines += [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]
    return [*lines, ""]


def _stages(full: FullReport) -> list[str]:
    counts = ("total", "success", "skipped", "review", "failed", "open", "time")
    return _table(
        ("stage", "state", "progress", *counts),
        (
            (time.stage, safe(f"{time.status}: {time.error}" if time.error else time.status),
             _bar(percent(time)), time.total, time.success, time.skipped, time.review, time.failed,
             time.open, seconds(time.seconds))
            for time in full.times
        ),
        counts,
    )  # fmt: skip


def _bar(share: int) -> str:
    filled = share * _BAR // 100
    return f"`{'█' * filled}{'░' * (_BAR - filled)}` {share} %"


def _graph(full: FullReport) -> list[str]:
    arrows = [f"    {need} --> {stage}" for stage, needs in full.needs.items() for need in needs]
    return ["```mermaid", "graph LR", *arrows, "```", ""]


FORMAT = render
