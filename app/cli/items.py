"""`sluice items`, `retry`: the items of a run, and what failed once more."""

from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from app.cli.command import Call, command
from app.cli.console import table
from app.cli.opening import look_at_runs, open_runs
from app.cli.run import RunId

if TYPE_CHECKING:
    from app.records.run import Run
    from app.wiring import Engine

_COLUMNS = ("item", "stage", "company", "state", "attempt", "lost", "cause", "reason")
StageName = Annotated[
    str | None, typer.Option("--stage", metavar="STAGE", help="Of this stage (name or number).")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    command(app)(items)
    command(app)(retry)


async def items(
    call: Call,
    run_id: RunId,
    state: Annotated[
        str | None,
        typer.Option(help="ready, leased, done, skipped, review, failed or quarantined."),
    ] = None,
    stage: StageName = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many.")] = 100,
) -> None:
    """List the items of a run: state, attempts, cause."""
    from app.db.queries import query
    from app.errors import UnknownName
    from app.pipeline.states import ITEM_STATES
    from app.wiring import load_graph

    if state is not None and state not in ITEM_STATES:
        raise UnknownName("item state", state, ITEM_STATES)
    name = load_graph()[stage].name if stage else None
    async with look_at_runs(call) as engine:
        run = await engine.orchestrator.find(run_id)
        rows = await engine.database.fetch(query("items.list"), run.id, state, name, limit)
    listed = [_describe(row) for row in rows]
    total = rows[0]["total"] if rows else 0
    shown: list[tuple[object, ...]] = [
        tuple("" if each[column] is None else each[column] for column in _COLUMNS)
        for each in listed
    ]
    text = table(shown, _COLUMNS) if shown else f"run {run.short_id} has no such item"
    if total > len(rows):
        text += f"\n{total - len(rows)} more: --limit {total}"
    call.console.answer({"run": str(run.id), "items": listed, "total": total}, text)


def _describe(row: Any) -> dict[str, Any]:
    """An item as people see it."""
    reason = " ".join(row["reason"].split()) if row["reason"] else None
    return {
        "item": row["id"],
        **{name: row[name] for name in ("stage", "company", "state", "attempt", "lost", "cause")},
        "reason": reason,
    }


async def retry(
    call: Call,
    run_id: RunId,
    item: Annotated[
        int | None, typer.Option(min=1, max=2**63 - 1, help="Only this item (see: sluice items).")
    ] = None,
    cause: Annotated[str | None, typer.Option(help="Only what failed for this cause.")] = None,
    all_failed: Annotated[bool, typer.Option(help="All that failed; the default.")] = False,
    stage: StageName = None,
) -> None:
    """Put back what failed or was quarantined, as if never tried.

    What is done stays as it is; the files are written again at the end. Nothing to put back is
    said, and is no error (exit code 0). Workers that live take it at once; else go on with: sluice
    resume RUN
    """
    from app.errors import InputError

    if (item is not None) + (cause is not None) + all_failed > 1:
        raise InputError("give one of --item, --cause, --all-failed")
    async with open_runs(call) as engine:
        run = await engine.orchestrator.find(run_id)
        name = engine.graph[stage].name if stage else None
        counts = await engine.control.retry(run.id, item_id=item, cause=cause, stage=name)
        if not counts:
            await _check_words(engine, run.id, item, cause)
        text, served = f"nothing to retry: {_nothing(run, name)}", False
        if counts:
            served = await _is_served(engine, run)
            text = _what_runs(run, counts, served=served)
    call.console.answer(
        {"run": str(run.id), "retried": sum(counts.values()), "stages": counts, "served": served},
        text,
    )


async def _check_words(engine: "Engine", run_id: UUID, item: int | None, cause: str | None) -> None:
    """Raise InputError for an item that is not there or did not fail, and for an unknown cause."""
    from app.db.queries import query
    from app.errors import InputError, UnknownName

    if item is not None:
        state = await engine.database.fetchval(query("items.state"), run_id, item)
        if state is None:
            short = str(run_id)[:8]
            raise InputError(f"run {short} has no item {item}; see: sluice items {short}")
        raise InputError(f"item {item} is {state}: only what failed or was quarantined is retried")
    rows = await engine.database.fetch(query("items.failures"), run_id)
    if cause is not None and rows and cause not in {row["cause"] for row in rows}:
        raise UnknownName("cause", cause, {row["cause"] or "" for row in rows})


async def _is_served(engine: "Engine", run: "Run") -> bool:
    """Whether live workers serve every stage of a run."""
    from app.db.queries import query

    rows = await engine.database.fetch(query("workers.covered"), engine.settings.lease)
    return set(run.route) <= {row["stage"] for row in rows}


def _nothing(run: "Run", stage: str | None) -> str:
    where = f"in stage {stage} " if stage else ""
    return f"no item of run {run.short_id} {where}failed or was quarantined"


def _what_runs(run: "Run", counts: dict[str, int], *, served: bool) -> str:
    total = sum(counts.values())
    each = ", ".join(f"{count} of {stage}" for stage, count in counts.items())
    what = f"run {run.short_id}: {total} item{'s' * (total != 1)} put back ({each})"
    if served:
        return f"{what}; live workers take them: sluice watch {run.short_id}"
    return f"{what}; go on with: sluice resume {run.short_id}"
