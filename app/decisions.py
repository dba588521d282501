"""What a person answers to a run that waits: accept what there is, widen the search, or cancel."""

import getpass
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.db.pool import Connection
from app.db.queries import query
from app.db.requests import pack_request, unpack_run
from app.errors import InputError
from app.pipeline.causes import BY_CRITERIA
from app.pipeline.gap import batch_size
from app.records.criteria import Criteria
from app.records.run import Run
from app.request import check_request
from app.wiring import Engine


@dataclass(frozen=True, slots=True)
class Wider:
    """What is asked for from now on: other criteria, further sources."""

    criteria: Criteria | None = None
    sources: Sequence[str] = ()


async def accept(engine: Engine, run: Run, reason: str) -> None:
    """Go on with what there is. Raises InputError for a run that does not wait."""
    async with engine.database.transaction() as connection:
        waiting = await _waiting(connection, run)
        asked = await _question(connection, run)
        await _note(connection, waiting, "accept", reason)
        if asked:
            await engine.orchestrator.move(connection, run.id, [asked], "complete")
        await engine.orchestrator.unpause(connection, run.id, reason)


async def cancel(engine: Engine, run: Run, reason: str) -> None:
    """End the run. Raises InputError for a run that does not wait."""
    async with engine.database.transaction() as connection:
        await _note(connection, await _waiting(connection, run), "cancel", reason)
    await engine.orchestrator.cancel(run.id, reason or "cancelled by decision")


async def widen(engine: Engine, run: Run, wider: Wider, reason: str) -> int:
    """Search on: further sources after those that are exhausted, and with other criteria all of
    them from their beginning. Companies that only the old criteria rejected are looked at again;
    how many.

    Raises InputError for a run that does not wait, and for what `sluice run` would refuse.
    """
    if wider.criteria is None and not wider.sources:
        raise InputError("widen needs --criteria or --source: what is to be different?")
    checked = await check_request(_changed(run, wider), engine.settings)
    again: list[Any] = []
    async with engine.database.transaction() as connection:
        waiting = await _waiting(connection, run)
        asked = await _question(connection, run)
        data = {"sources": list(checked.sources)}
        data["criteria"] = pack_request(checked)["criteria"]
        await _note(connection, waiting, "widen", reason, data)
        await engine.control.remember(connection, run.id, checked)
        if wider.criteria is not None:
            again = await connection.fetch(query("items.reopen"), run.id, sorted(BY_CRITERIA))
        if asked:
            await _add_batch(connection, waiting, asked, restart=wider.criteria is not None)
        await engine.orchestrator.unpause(connection, run.id, reason)
    return len(again)


def _changed(run: Run, wider: Wider) -> Any:
    request = run.request
    sources = tuple(dict.fromkeys((*request.sources, *wider.sources)))
    return replace(request, criteria=wider.criteria or request.criteria, sources=sources)


async def _add_batch(connection: Connection, run: Run, stage: str, *, restart: bool) -> None:
    """The next batch. From the beginning it may bring as much as the run knows already."""
    last = await connection.fetchrow(query("items.last_of_run"), run.id, stage)
    counts = await connection.fetchrow(query("records.company_counts"), run.id)
    missing = max(run.request.target_quantity - counts["ready"] - counts["open"], 0)
    size = batch_size(missing, counts) + (counts["found"] if restart else 0)
    cursor = None if restart else (last["result"] or {}).get("cursor")
    given = {"cursor": cursor, "size": size}
    await connection.fetchval(
        query("items.create_for_run"), run.id, stage, last["batch"] + 1, given
    )


async def _waiting(connection: Connection, run: Run) -> Run:
    """The run, locked, while it waits for a decision."""
    locked = unpack_run(await connection.fetchrow(query("runs.lock"), run.id))
    if locked.status != "needs_decision":
        raise InputError(f"run {run.short_id} is {locked.status}: there is nothing to decide")
    return locked


async def _question(connection: Connection, run: Run) -> str:
    """The stage that asks, whose question is answered now, or ""."""
    row = await connection.fetchrow(query("decisions.question"), run.id)
    if row is None:
        return ""
    await connection.execute(query("runs.drop_notes"), run.id, [row["reason"]])
    stage: str = row["stage"]
    return stage


async def _note(
    connection: Connection, run: Run, what: str, reason: str, data: dict[str, Any] | None = None
) -> None:
    given = (run.id, getpass.getuser(), what, run.stage, reason, data or {})
    await connection.execute(query("decisions.add"), *given)
