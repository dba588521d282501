"""`sluice report`: what came of a run, for a person to read or a program to keep."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.command import Call, command
from app.cli.opening import look_at_runs
from app.cli.run import RunId
from app.errors import InputError


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    command(app)(report)


async def report(
    call: Call,
    run_id: RunId,
    format_: Annotated[
        str, typer.Option("--format", metavar="md|html|json", help="Of the report.")
    ] = "md",
    output: Annotated[
        Path | None, typer.Option(help="Write it there instead of on stdout.")
    ] = None,
    max_stage_seconds: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[STAGE=]SECONDS",
            help="Warn of a stage that took longer; default: as the run was created.",
        ),
    ] = None,
) -> None:
    """Report on a run: stages with times and counts, what is missing and why, costs, history."""
    from app import registry
    from app.reports import load_full
    from app.reports.json import data
    from app.request import parse_limits
    from app.wiring import load_graph

    render = registry.load("app.reports", format_, "FORMAT")
    limits = parse_limits(max_stage_seconds) if max_stage_seconds else None
    async with look_at_runs(call) as engine:
        run = await engine.orchestrator.find(run_id)
        full = await load_full(engine.database, run.id, load_graph(), limits)
    for time in full.times:
        if time.slow:
            call.console.say(time.warning())
    text = render(full)
    if output is None:
        call.console.answer(data(full), text.rstrip("\n"))
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{output} cannot be written: {error.strerror or error}") from None
    call.console.answer(data(full) | {"path": str(output.absolute())}, f"{output} is written")
