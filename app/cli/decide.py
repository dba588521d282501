"""`sluice decide`: answer a run that waits for a decision."""

from typing import Annotated

import typer

from app.cli.command import Call, command
from app.cli.opening import open_runs
from app.cli.run import RunId, lead_on
from app.errors import InputError, UnknownName

ANSWERS = ("accept", "widen", "cancel")


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    command(app)(decide)


async def decide(
    call: Call,
    run_id: RunId,
    answer: Annotated[str, typer.Argument(metavar="accept|widen|cancel")],
    criteria: Annotated[
        str | None, typer.Option(help="widen: what to look for from now on; JSON, or @FILE.")
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME[:PATH]", help="widen: a further source; repeatable."),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why; kept with the run.")] = "",
    detach: Annotated[bool, typer.Option(help="Do not wait; the workers go on.")] = False,
) -> int:
    """Answer a run that waits: deliver what there is, search on, or end it.

    With other criteria, what only the old ones rejected is researched again; what is ready stays.
    """
    from app import decisions
    from app.request import read_criteria

    if answer not in ANSWERS:
        raise UnknownName("answer", answer, ANSWERS)
    wider = decisions.Wider(None if criteria is None else read_criteria(criteria), source or ())
    if answer != "widen" and wider != decisions.Wider():
        raise InputError("--criteria and --source belong to the answer widen")
    async with open_runs(call) as engine:
        run = await engine.orchestrator.find(run_id)
        if answer == "accept":
            await decisions.accept(engine, run, reason)
        elif answer == "cancel":
            await decisions.cancel(engine, run, reason)
            call.console.answer(
                {"run": str(run.id), "status": "cancelled"}, f"run {run.short_id} is cancelled"
            )
            return 0
        else:
            again = await decisions.widen(engine, run, wider, reason)
            call.console.say(f"searching on; {again} companies are looked at again")
        return await lead_on(call, engine, await engine.orchestrator.find(run_id), detach=detach)
