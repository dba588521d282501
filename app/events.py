"""The audit log: append-only, and a NOTIFY that wakes whoever watches the run."""

from typing import Any
from uuid import UUID

from app.db.pool import Connection
from app.db.queries import query

CHANNEL = "sluice_runs"


async def add_event(
    connection: Connection,
    run_id: UUID | None,
    what: str,
    *,
    actor: str = "sluice",
    stage: str | None = None,
    item_id: int | None = None,
    **data: Any,
) -> None:
    """Append one event; part of the caller's transaction."""
    await connection.execute(query("events.add"), run_id, actor, what, stage, item_id, data)
