"""`sluice companies`: where the companies of a run stand."""

import re
from typing import Annotated, Any

import typer

from app.cli.command import Call, command
from app.cli.console import table
from app.cli.opening import look_at_runs
from app.cli.run import RunId
from app.errors import InputError

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_COLUMNS = ("company", "stage", "status", "item", "since", "cause", "reason")
_REASON_WIDTH = 80


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    command(app)(companies)


async def companies(
    call: Call,
    run_id: RunId,
    stage: Annotated[
        str | None, typer.Option(metavar="STAGE", help="Only those in this stage (name or number).")
    ] = None,
    stuck: Annotated[
        str | None,
        typer.Option(metavar="24h", help="Only what is open with no new attempt for so long."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many.")] = 100,
) -> None:
    """List where the companies of a run stand: stage, status, since when, and why.

    The longest wait comes first. `item` is ready (waits), leased (at work) or settled.
    """
    from app.db.queries import query
    from app.wiring import load_graph

    patience = None if stuck is None else parse_duration(stuck)
    name = load_graph()[stage].name if stage else None
    async with look_at_runs(call) as engine:
        run = await engine.orchestrator.find(run_id)
        given = (run.id, name, patience, limit)
        rows = await engine.database.fetch(query("companies.standing"), *given)
    listed = [_describe(row) for row in rows]
    total = rows[0]["total"] if rows else 0
    shown = [_shown(each) for each in listed]
    text = table(shown, _COLUMNS) if shown else f"run {run.short_id} has no such company"
    if total > len(rows):
        text += f"\n{total - len(rows)} more: --limit {total}"
    call.console.answer({"run": str(run.id), "companies": listed, "total": total}, text)


def parse_duration(given: str) -> float:
    """Seconds from "24h", "30m", "2d", "90s" or "0". Raises InputError."""
    if given.strip() == "0":
        return 0.0
    parts = re.fullmatch(r"\s*(\d{1,6}(?:\.\d+)?)\s*([smhd])\s*", given)
    if not parts:
        raise InputError(f"{given!r} is no duration: give a number with s, m, h or d, such as 24h")
    return float(parts[1]) * _SECONDS[parts[2]]


def _describe(row: Any) -> dict[str, Any]:
    return {
        **{name: row[name] for name in ("ordinal", "name", "domain", "stage", "status", "item")},
        "attempt": row["attempt"],
        "since": row["since"] and row["since"].isoformat(),
        "cause": row["cause"] or "",
        "reason": " ".join((row["reason"] or "").split()),
    }


def _shown(each: dict[str, Any]) -> tuple[object, ...]:
    return (
        each["domain"] or each["name"],
        each["stage"],
        each["status"],
        each["item"],
        (each["since"] or "")[:16].replace("T", " "),
        each["cause"],
        each["reason"][:_REASON_WIDTH],
    )
