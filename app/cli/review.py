"""`sluice review`: what waits for a person, out to a sheet and back."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.command import Call, command
from app.cli.opening import open_runs
from app.cli.run import RunId

ACTIONS = ("export", "import")


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    command(app)(review)


async def review(
    call: Call,
    run_id: RunId,
    action: Annotated[str, typer.Argument(metavar="export|import")],
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="The sheet.")],
) -> int:
    """Write what waits for a person to a sheet, or take the decisions from one.

    Write approve or reject into the column decision. Lines that cannot be taken are named and the
    others are taken (exit code 1); a sheet with an edited id changes nothing (exit code 2).
    """
    from app.errors import UnknownName
    from app.review import Reviews, export_sheet

    if action not in ACTIONS:
        raise UnknownName("action", action, ACTIONS)
    async with open_runs(call) as engine:
        run = await engine.orchestrator.find(run_id)
        if action == "export":
            rows = await export_sheet(engine.database, run, file.absolute())
            call.console.answer(
                {"run": str(run.id), "path": str(file.absolute()), "rows": rows},
                _exported(run.short_id, file, rows),
            )
            return 0
        reviews = Reviews(engine.database, engine.orchestrator, engine.graph)
        taken = await reviews.take(run, file.absolute())
    for each in taken.refused:
        call.console.say(f"refused: {each}")
    counts = {"approved": taken.approved, "rejected": taken.rejected, "waiting": taken.waiting}
    text = ", ".join(f"{count} {word}" for word, count in counts.items())
    text += f", {len(taken.refused)} refused"
    if taken.approved:
        text += f"; go on with: sluice resume {run.short_id}"
    call.console.answer({"run": str(run.id), **counts, "refused": list(taken.refused)}, text)
    return int(bool(taken.refused))


def _exported(run: str, file: Path, rows: int) -> str:
    if rows == 0:
        return f"{file}  nothing waits for a person"
    word = "row" if rows == 1 else "rows"
    return f"{file}  {rows} {word} to decide; then: sluice review {run} import {file}"
