"""What no worker settles: lost leases, lost jobs, items that take their process down.

Runs inside every worker process; one of them leads, by an advisory lock that ends with its
connection.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from app.breakers import Breakers
from app.db.pool import Connection, Database
from app.db.queries import query
from app.events import add_event
from app.log import get_log
from app.orchestrator import Orchestrator
from app.pipeline.suspicion import FEWEST, losses_needed
from app.queue import URGENT

LOCK = 0x5C1CF
BATCH = 5000
RECONNECT = 2.0
"""Seconds that the others get after an outage to give up dead connections and beat again."""


class Sweeper:
    """One sweep over all runs. Durations are seconds."""

    def __init__(
        self, database: Database, orchestrator: Orchestrator, breakers: Breakers, *, silence: float
    ) -> None:
        self._database = database
        self._orchestrator = orchestrator
        self._breakers = breakers
        self._silence = silence
        self._log = get_log("sweeper")

    async def lead(self, connection: Connection, *, leads: bool) -> bool:
        """Whether this process leads; `connection` holds the lead until it closes."""
        return bool(await connection.fetchval(query("sweep.lead"), LOCK, leads))

    async def sweep(self) -> None:
        """Put everything right that a lost process or an outage left behind.

        Nobody is declared lost before all of them together have been heard for longer than one may
        be silent: after an outage everybody looks silent. One transaction judges at one moment,
        however long its statements are on their way.
        """
        ended = await self._database.fetch(query("sweep.end_stalled"), self._silence)
        if ended:
            self._log.warning("stalled_connections_ended", count=len(ended))
        async with self._database.transaction() as connection:
            patience = self._silence + RECONNECT
            if await connection.fetchval(query("sweep.is_steady"), patience, self._silence / 2):
                await self._lose_workers(connection)
                await self._expire(connection)
        await self._database.fetch(query("costs.lose"))
        await self._queue_again()
        await self._breakers.step()
        for row in await self._database.fetch(query("runs.active_ids")):
            await self._orchestrator.advance(row["id"])

    async def _lose_workers(self, connection: Connection) -> None:
        for row in await connection.fetch(query("sweep.lose_workers"), self._silence):
            self._log.warning("worker_lost", worker=row["id"], host=row["host"], pid=row["pid"])
            await add_event(connection, None, "worker_lost", **dict(row))
        freed = await connection.fetch(query("sweep.free_jobs"), self._silence)
        if freed:
            self._log.info("jobs_freed", count=len(freed))

    async def _expire(self, connection: Connection) -> None:
        """Leases that ran out go back; what took its process down too often is quarantined, and
        runs alone for its last chance."""
        rows = await connection.fetch(query("sweep.expire"), BATCH, self._silence)
        chances = await self._chances_left(connection, rows)
        guilty = [row for row in rows if chances[row["id"]] <= 0]
        for row in guilty:
            await self._quarantine(connection, row)
        await self._enqueue(connection, [row for row in rows if chances[row["id"]] > 1])
        last = [row for row in rows if chances[row["id"]] == 1]
        await self._enqueue(connection, last, alone=True)
        if rows:
            self._log.warning("leases_expired", count=len(rows), returned=len(rows) - len(guilty))

    async def _chances_left(self, connection: Connection, rows: Sequence[Any]) -> dict[int, int]:
        """How many more losses each item may have."""
        lately = await connection.fetchrow(query("sweep.deaths"), self._silence) if rows else {}
        chances = {}
        for row in rows:
            needed = FEWEST
            if row["lost"] >= FEWEST - 1:
                pace = await connection.fetchval(query("sweep.pace"), row["run_id"], row["stage"])
                others = lately["deaths"] - row["lost"]
                needed = losses_needed(others, lately["seconds"], pace or self._silence)
            chances[row["id"]] = needed - row["lost"]
        return chances

    async def _queue_again(self) -> None:
        async with self._database.transaction() as connection:
            rows = await connection.fetch(query("sweep.unqueued"), self._silence / 2, BATCH)
            await self._enqueue(connection, [row for row in rows if row["lost"] < FEWEST - 1])
            suspects = [row for row in rows if row["lost"] >= FEWEST - 1]
            await self._enqueue(connection, suspects, alone=True)
        if rows:
            self._log.warning("items_queued_again", count=len(rows))

    async def _enqueue(self, connection: Connection, rows: Iterable[Any], **options: Any) -> None:
        await self._orchestrator.enqueue_all(connection, rows, priority=URGENT, **options)

    async def _quarantine(self, connection: Connection, row: Any) -> None:
        reason = f"{row['lost']} worker processes ended while they held it"
        self._log.error("item_quarantined", item=row["id"], stage=row["stage"])
        await connection.execute(query("sweep.quarantine"), row["id"], reason)
        where = {"stage": row["stage"], "item_id": row["id"]}
        await add_event(connection, row["run_id"], "item_quarantined", **where, reason=reason)
        if row["company_id"] is not None:
            await connection.execute(
                query("sweep.fail_companies"),
                [row["company_id"]],
                "quarantined",
                reason,
            )
