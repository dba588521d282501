"""`sluice plan`: what a run would find, take and cost, without running it."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.command import Call, command
from app.cli.console import table
from app.cli.opening import look_at_runs

if TYPE_CHECKING:
    from app.records.run import RunRequest

_OUTLOOKS = ("low", "likely", "high")


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    command(app)(plan)


async def plan(
    call: Call,
    run_id: Annotated[
        str | None, typer.Argument(metavar="[RUN]", help="Show the plan of this run instead.")
    ] = None,
    criteria: Annotated[str, typer.Option(help="JSON, or @FILE.")] = "{}",
    quantity: Annotated[int, typer.Option(help="Companies asked for.")] = 50,
    source: Annotated[
        list[str] | None, typer.Option(metavar="NAME[:PATH]", help="Where companies come from.")
    ] = None,
    map_: Annotated[
        list[str] | None, typer.Option("--map", metavar="NAME=COLUMN", help="As for sluice run.")
    ] = None,
    replay: Annotated[Path | None, typer.Option(help="As for sluice run.")] = None,
    budget: Annotated[str | None, typer.Option(metavar="AMOUNT", help="As for sluice run.")] = None,
) -> int:
    """Print the plan of a run and the votes on it. Creates nothing.

    Exit code 4 when a reviewer votes FAIL: such a run would stop and wait for a decision.
    """
    if run_id:
        return await _show(call, run_id)
    from app.records.budget import parse_budget
    from app.records.run import RunRequest
    from app.request import check_request, parse_column_map, read_criteria

    request = await check_request(
        RunRequest(
            criteria=read_criteria(criteria),
            sources=tuple(source or ()),
            output_dir=tempfile.gettempdir(),
            target_quantity=quantity,
            column_map=parse_column_map(map_ or ()),
            replay_dir=str(replay or ""),
            budget=parse_budget(budget, None, ()),
        ),
        call.settings,
    )
    answer = await _plan(call, request)
    call.console.answer(answer, _text(answer))
    return 4 if answer["refused"] else 0


async def _plan(call: Call, request: "RunRequest") -> dict[str, Any]:
    from app.clock import SystemClock
    from app.pipeline.gap import first_batch
    from app.planning import Planner
    from app.tools import open_sources, services_of

    clock = SystemClock()
    opened = open_sources(request.sources, request.column_map, services_of(call.settings, clock))
    async with look_at_runs(call) as engine:
        planner = Planner.of(engine.database, clock, call.settings)
        planned = await planner.plan(request, opened, first_batch(request.target_quantity))
    return planned.summary()


async def _show(call: Call, run_id: str) -> int:
    from app.db.queries import query
    from app.errors import InputError

    async with look_at_runs(call) as engine:
        run = await engine.orchestrator.find(run_id)
        row = await engine.database.fetchrow(query("plan.of_run"), run.id)
    if row is None:
        raise InputError(f"run {run.short_id} has no plan")
    answer = {name: row["result"][name] for name in ("plan", "votes", "rounds", "refused")}
    call.console.answer({"run": str(run.id), **answer}, _text(answer))
    return 0


def _text(answer: dict[str, Any]) -> str:
    plan = answer["plan"]
    supplies: list[tuple[object, ...]] = [
        (each["source"], _count(each), each["error"]) for each in plan["supplies"]
    ]
    rows: list[tuple[object, ...]] = [
        (name, *(plan[outlook][name] for outlook in _OUTLOOKS))
        for name in ("companies", "delivered", "pages", "seconds", "cost")
    ]
    votes: list[tuple[object, ...]] = [
        (each["reviewer"], each["answer"], each["confidence"],
         "; ".join(one["reason"] for one in each["deficiencies"]))
        for each in answer["votes"]
    ]  # fmt: skip
    lines = [
        f"{plan['asked']} companies asked; the first batch brings {plan['batch']},"
        f" {plan['batches']} batch{'es' * (plan['batches'] != 1)} likely",
        "",
        table(supplies, ("source", "matching", "")),
        "",
        table(rows, ("", *_OUTLOOKS)),
        "",
        table(votes, ("reviewer", "vote", "confidence", "")),
    ]
    lines += ["", *(f"note: {each}" for each in plan["warnings"])] if plan["warnings"] else []
    if answer["refused"]:
        lines += ["", f"such a run would stop and wait for a decision: {answer['refused']}"]
    return "\n".join(lines)


def _count(supply: dict[str, Any]) -> str:
    if supply["count"] is None:
        return "not counted"
    return str(supply["count"]) if supply["exact"] else f"{supply['count']} or more"
