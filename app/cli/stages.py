"""`sluice rerun`, and `sluice stage run|start|complete|fail|reset`: a stage again, or by hand."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.command import Call, command, show_help
from app.cli.opening import open_runs
from app.cli.run import RunId
from app.pipeline.causes import phrase

if TYPE_CHECKING:
    from app.by_hand import StageResult
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
    command(group, "run")(run_)
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


async def run_(
    call: Call,
    stages: Annotated[
        str, typer.Argument(metavar="STAGE[,STAGE...]", help="By name or number, in order.")
    ],
    run_id: Annotated[str, typer.Option("--run", metavar="RUN", help="The run.")],
    state: Annotated[str, typer.Option(help="Only companies in this state, e.g. WV.")] = "",
    city: Annotated[str, typer.Option(help="Only companies in this city.")] = "",
    domain: Annotated[list[str] | None, typer.Option(help="Only this company; repeatable.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Companies at most.")] = 100,
    dry_run: Annotated[bool, typer.Option(help="Do the work, and write nothing.")] = False,
    verbose: Annotated[bool, typer.Option(help="Tell of each company.")] = False,
    keep_going: Annotated[bool, typer.Option(help="Go on after a stage that failed.")] = False,
) -> int:
    """Run one stage here and now, or some in a row; stops at the first that fails.

    Works on what is due there; where nothing is, on what was done there, again. A company at which
    a stage fails stays where it was. Exit code 1 when a stage failed.
    """
    from app.by_hand import StageContext, run_sequence
    from app.cli.phases import split

    domains = tuple(each.strip().lower() for each in domain or ())
    context = StageContext(run_id, state, city, domains, limit, dry_run, verbose)
    async with open_runs(call) as engine:
        results = []
        async for result in run_sequence(engine, split(stages), context, stop=not keep_going):
            results.append(result)
            call.console.say(_told(result))
    code = int(any(each.status == "failed" for each in results))
    call.console.answer(
        {"stages": [asdict(each) for each in results], "exit_code": code},
        "\n".join(line for each in results for line in _lines(each)),
    )
    return code


def _told(result: "StageResult") -> str:
    counts = result.result.get("items", {}) | result.result.get("statistics", {})
    said = ", ".join(f"{count} {word}" for word, count in counts.items()) or "nothing to do"
    took = f"{result.duration_seconds:.1f} s"
    why = f": {result.error_message}" if result.error_message else ""
    return f"{result.stage} {result.name} {result.status} in {took} ({said}){why}"


def _lines(result: "StageResult") -> list[str]:
    lines = [_told(result)]
    if result.result.get("dry_run"):
        lines.append("  dry run: nothing was written")
    if marked := result.result.get("marked"):
        lines.append(f"  to be done again: {', '.join(marked)}")
    for cause, count in result.result.get("causes", {}).items():
        lines.append(f"  {count}  {phrase(cause)}")
    for item in result.result.get("companies", ()):
        why = f"  {item['reason']}" if item["reason"] else ""
        lines.append(f"  {item['state']:<8}  {item['company']}{why}")
    return lines


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
