"""`sluice rerun`, and `sluice stage`: a stage again, or by hand."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.command import Call, command, show_help
from app.cli.opening import open_runs
from app.cli.run import RunId

if TYPE_CHECKING:
    from app.control import Marked
    from app.records.run import Run

StageName = Annotated[str, typer.Argument(metavar="STAGE", help="By name or number.")]
Reason = Annotated[str, typer.Option(help="Why; kept with the run.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    command(app)(rerun)
    group = typer.Typer(rich_markup_mode=None, invoke_without_command=True)
    group.callback(help="Run a stage by hand, or set its state.")(show_help)
    app.add_typer(group, name="stage")
    command(group)(start)
    command(group)(complete)
    command(group)(fail)
    command(group)(reset)


async def rerun(
    call: Call,
    run_id: RunId,
    stage: StageName,
    reason: Annotated[str, typer.Option(help="Why; kept with the run.", show_default=False)],
    domain: Annotated[list[str] | None, typer.Option(help="Only this company; repeatable.")] = None,
) -> None:
    """Mark a stage, and all that needs it, to be done again; resume does it.

    Without --domain: for every company that was there. What was not marked is not done again.
    """
    from app.errors import InputError

    if not reason.strip():
        raise InputError("--reason is empty: say why, it is kept with the run")
    domains = [each.strip().lower() for each in domain or ()]
    async with open_runs(call) as engine:
        found = await engine.orchestrator.find(run_id)
        marked = await engine.control.rerun(found.id, stage, reason, domains)
    _answer(call, found, marked)


async def start(call: Call, run_id: RunId, stage: StageName) -> None:
    """A person begins this stage: workers leave it alone until it is complete, or the run resumed.

    From pending or needs_rerun, when all that it needs is complete.
    """
    await _set(call, run_id, stage, "running", "")


async def complete(call: Call, run_id: RunId, stage: StageName) -> None:
    """A person has done this stage: what came to it goes on to the next one."""
    await _set(call, run_id, stage, "complete", "")


async def fail(call: Call, run_id: RunId, stage: StageName, reason: Reason = "") -> None:
    """A person gives this stage up. A stage that the run cannot do without ends it."""
    await _set(call, run_id, stage, "failed", reason or "failed by hand")


async def reset(call: Call, run_id: RunId, stage: StageName, reason: Reason = "") -> None:
    """Mark a stage that is complete or failed, and all that needs it, to be done again."""
    await _set(call, run_id, stage, "needs_rerun", reason or "reset by hand")


async def _set(call: Call, run_id: str, stage: str, new: str, reason: str) -> None:
    async with open_runs(call) as engine:
        found = await engine.orchestrator.find(run_id)
        marked = await engine.control.set_stage(found.id, stage, new, reason)
    if new == "needs_rerun":
        _answer(call, found, marked)
        return
    [name] = marked.stages
    call.console.answer(
        {"run": str(found.id), "stage": name, "status": new},
        f"run {found.short_id}: stage {name} is {new}",
    )


def _answer(call: Call, run: "Run", marked: "Marked") -> None:
    """What is to be done again."""
    call.console.answer(
        {
            "run": str(run.id),
            "stages": list(marked.stages),
            "companies": marked.companies,
            "reason": marked.reason,
        },
        f"run {run.short_id}: {marked.sentence()}; go on with: sluice resume {run.short_id}",
    )
