"""`sluice status`, `runs`, `cancel`: look at runs, and end one."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.command import Call, command
from app.cli.console import table
from app.cli.opening import look_at_runs
from app.cli.run import RunId
from app.cli.state import Full, SaveState, check_save, save

if TYPE_CHECKING:
    from app.report import Report


_KINDS = ("not_looked", "not_found", "blocked", "failed", "conflicting", "withheld")


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    command(app)(status)
    command(app)(runs)
    command(app)(cancel)


async def status(
    call: Call, run_id: RunId, save_state: SaveState = None, full: Full = False
) -> None:
    """Show a run: stages, what is missing, the files; with --save-state, take it along."""
    from app.report import load_report

    check_save(save_state, full=full)
    async with look_at_runs(call) as engine:
        found = await engine.orchestrator.find(run_id)
        report = await load_report(engine.database, found.id)
        if save_state is not None:
            await save(call, engine, found, save_state, full=full)
    call.console.answer(
        report.summary() | {"stages": _stages(report)},
        _text(report, call.settings.allowed_failures),
    )


def _stages(report: "Report") -> list[dict[str, object]]:
    return [
        {
            "stage": stage.stage,
            "status": stage.status,
            "error": stage.error,
            "open": stage.open,
            "done": stage.done,
            "skipped": stage.skipped,
            "review": stage.review,
            "failed": stage.failed,
            "total": stage.total,
            "seconds": stage.seconds and round(stage.seconds, 1),
            "statistics": report.statistics.get(stage.stage, {}),
        }
        for stage in report.progress.stages
    ]


def _text(report: "Report", allowed_failures: float) -> str:
    from app.cli.summary import summary

    header = ("stage", "status", "open", "done", "skipped", "review", "failed", "total", "seconds")
    rows = [
        tuple("" if (value := stage[name]) is None else value for name in header)
        for stage in _stages(report)
    ]
    counted = [
        f"{stage['stage']}: " + ", ".join(f"{count} {word}" for word, count in counts.items())
        for stage in _stages(report)
        if isinstance(counts := stage["statistics"], Mapping) and counts
    ]
    stages = "\n".join([table(rows, header), *counted])
    return "\n\n".join([summary(report, allowed_failures), stages, *_gaps(report)])


def _gaps(report: "Report") -> list[str]:
    """Of the companies and people that are given out: how many lack a field, by reason."""
    kinds = [kind for kind in _KINDS if any(gap.kind == kind and gap.ready for gap in report.gaps)]
    counts: dict[tuple[bool, str], dict[str, int]] = {}
    for gap in report.gaps:
        if gap.ready:
            counts.setdefault((gap.of_people, gap.field), {})[gap.kind] = gap.ready
    rows: list[tuple[object, ...]] = [
        (("contact " if person else "") + field, *(found.get(kind, "") for kind in kinds))
        for (person, field), found in counts.items()
    ]
    return [table(rows, ("empty", *kinds))] if rows else []


async def runs(
    call: Call, limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 20
) -> None:
    """List the newest runs."""
    from app.db.queries import query

    async with look_at_runs(call) as engine:
        rows = await engine.database.fetch(query("runs.recent"), limit)
    listed = [
        {
            "run": str(row["id"]),
            "status": row["status"],
            "stage": row["stage"],
            "ready": row["ready"],
            "asked": row["request"]["target_quantity"],
            "created_at": row["created_at"].isoformat(),
        }
        for row in rows
    ]
    shown: list[tuple[object, ...]] = [
        (each["run"][:8], each["status"], each["stage"], f"{each['ready']} of {each['asked']}",
         f"{row['created_at']:%Y-%m-%d %H:%M} UTC")
        for each, row in zip(listed, rows, strict=True)
    ]  # fmt: skip
    text = table(shown, ("run", "status", "stage", "ready", "created")) if rows else "no runs yet"
    call.console.answer({"runs": listed}, text)


async def cancel(
    call: Call,
    run_id: RunId,
    reason: Annotated[str, typer.Option(help="Why; noted with the run.")] = "cancelled by hand",
) -> None:
    """End a run now. What it has found stays; nothing is exported."""
    async with look_at_runs(call) as engine:
        found = await engine.orchestrator.find(run_id)
        await engine.orchestrator.cancel(found.id, reason)
    call.console.answer(
        {"run": str(found.id), "status": "cancelled"}, f"run {found.short_id} is cancelled"
    )
