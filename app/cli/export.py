"""`sluice export`: a new snapshot of a run, and files from it."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from app.cli.command import Call, command
from app.cli.opening import open_runs
from app.cli.run import RunId


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    command(app)(export)


async def export(
    call: Call,
    run_id: RunId,
    output_dir: Annotated[
        Path | None, typer.Option(help="Where the files go; default: as the run was created.")
    ] = None,
    evidence: Annotated[bool, typer.Option(help="Add a source column for every column.")] = False,
) -> None:
    """Write the files of what is ready now.

    The run need not be over; its records stay as they are.
    """
    from app.progress import load_progress
    from app.report import File
    from app.request import check_writable
    from app.tools import open_tools

    folder = check_writable(str(output_dir), "output folder") if output_dir else ""
    async with open_runs(call) as engine:
        run = await engine.orchestrator.find(run_id)
        progress = await load_progress(engine.database, run.id)
        asked = progress.companies.asked
        call.console.say(
            f"run {run.short_id} is {run.status}: {progress.companies.ready} of {asked} are ready"
        )
        request = replace(
            run.request,
            output_dir=folder or run.request.output_dir,
            with_evidence=evidence or run.request.with_evidence,
        )
        async with open_tools(call.settings, engine.database, engine.budget) as tools:
            files = await tools.package(replace(run, request=request), None)
    listed = [File(each.kind, str(each.path), each.rows, each.sha256) for each in files]
    call.console.answer(
        {"run": str(run.id), "status": run.status, "files": [asdict(each) for each in listed]},
        "\n".join(each.line for each in listed),
    )
