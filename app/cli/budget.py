"""`sluice budget`, `costs`: what a run may spend on paid calls, and what it has spent."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.command import Call, command
from app.cli.console import table
from app.cli.opening import look_at_runs, open_runs
from app.cli.run import RunId, go_on_detached
from app.errors import InputError

if TYPE_CHECKING:
    from decimal import Decimal

    from app.records.run import Run
    from app.wiring import Engine

_COMPANIES_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    command(app)(budget)
    command(app)(costs)


async def budget(
    call: Call,
    run_id: RunId,
    action: Annotated[
        str | None, typer.Argument(metavar="[raise AMOUNT|approve]", show_default=False)
    ] = None,
    amount: Annotated[str | None, typer.Argument(hidden=True)] = None,
    stage: Annotated[str | None, typer.Option(help="Raise the limit of this stage.")] = None,
    company: Annotated[bool, typer.Option(help="Raise the limit of any one company.")] = False,
) -> int | None:
    """Show what a run may spend. `raise 10` sets the limit to 10 in all, `approve` allows just
    what waits; a run that is paused for it goes on."""
    from app.records.budget import parse_money

    if action is None:
        async with look_at_runs(call) as engine:
            found = await engine.orchestrator.find(run_id)
            call.console.answer(*await _shown(engine, found))
        return None
    _check_words(action, amount, stage=stage, company=company)
    money = None if amount is None else parse_money(amount, "budget")
    async with open_runs(call) as engine:
        found = await engine.orchestrator.find(run_id)
        if found.status in ("completed", "failed", "cancelled"):
            raise InputError(f"run {found.short_id} is {found.status}: it spends nothing more")
        goes_on = await _change(engine, found, money, stage=stage, company=company)
        if goes_on:
            return await go_on_detached(call, engine, await engine.orchestrator.find(run_id))
        call.console.answer(*await _shown(engine, found))
    return None


def _check_words(action: str, amount: str | None, *, stage: str | None, company: bool) -> None:
    if action not in ("raise", "approve"):
        raise InputError(f"{action!r} is not raise or approve: sluice budget RUN raise 10")
    if (action == "raise") != (amount is not None):
        raise InputError("give: sluice budget RUN raise AMOUNT, or: sluice budget RUN approve")
    if (stage or company) and (action == "approve" or (stage and company)):
        raise InputError("--stage or --company goes with raise, one of them")


async def _change(
    engine: "Engine", run: "Run", amount: "Decimal | None", *, stage: str | None, company: bool
) -> bool:
    if amount is None:
        return await engine.budget.approve(run.id)
    name = engine.graph[stage].name if stage else ""
    return await engine.budget.raise_to(run.id, amount, stage=name, company=company)


async def _shown(engine: "Engine", run: "Run") -> tuple[dict[str, Any], str]:
    from app.db.queries import query

    rows = await engine.database.fetch(query("costs.limits"), run.id)
    waiting = await engine.database.fetch(query("costs.refused"), run.id)
    limits = [
        {
            "of": f"stage {row['stage']}" if row["stage"] else "run",
            "limit": row["amount"],
            "spent": row["spent"],
            "left": None if row["amount"] is None else row["amount"] - row["spent"],
        }
        for row in rows
    ]
    limits += [
        {"of": "any one company", "limit": row["company_amount"], "spent": None, "left": None}
        for row in rows
        if row["company_amount"] is not None
    ]
    data = {
        "run": str(run.id),
        "status": run.status,
        "limits": limits,
        "waiting": [dict(row) for row in waiting],
    }
    return data, _text(limits, waiting, run)


def _text(limits: list[dict[str, Any]], waiting: list[Any], run: "Run") -> str:
    header = ("of", "limit", "spent", "left")
    rows = [tuple("-" if row[name] is None else row[name] for name in header) for row in limits]
    lines = [table(rows, header)]
    if waiting:
        price = sum(row["reserved"] for row in waiting)
        lines.append(
            f"{len(waiting)} paid calls wait for {price}:"
            f" sluice budget {run.short_id} approve (or: raise AMOUNT)"
        )
    return "\n".join(lines)


async def costs(
    call: Call,
    run_id: RunId,
    limit: Annotated[int, typer.Option(min=1, help="Companies shown.")] = _COMPANIES_SHOWN,
) -> None:
    """Show what the paid calls of a run cost: by stage, by provider, by company."""
    from app.db.queries import query

    async with look_at_runs(call) as engine:
        found = await engine.orchestrator.find(run_id)
        rows = await engine.database.fetch(query("costs.totals"), found.id, limit)
    by: dict[str, list[dict[str, Any]]] = {"run": [], "stage": [], "provider": [], "company": []}
    for row in rows:
        by[row["by"]].append({name: value for name, value in dict(row).items() if name != "by"})
    [run] = by.pop("run")
    run["name"] = found.short_id
    data = {"run": str(found.id), "total": run.get("total") or 0, "costs": run} | by
    if not run["calls"]:
        call.console.answer(data, f"run {found.short_id} made no paid call")
        return
    header = ("calls", "settled", "open", "lost", "total", "name")
    shown = [("run", run)] + [
        (f"by {kind}", each) for kind, found_rows in by.items() for each in found_rows
    ]
    text = table([(kind, *(each[name] for name in header)) for kind, each in shown], ("", *header))
    hidden = max((each["of_all"] - limit for each in by["company"]), default=0)
    more = f"\nand {hidden} more companies: --limit" if hidden > 0 else ""
    call.console.answer(data, text + more)
