"""A stage that fails for one cause pauses itself, probes with one item, and goes on.

The leading sweeper moves the breakers; a claim leaves the items of an open one alone.
"""

from dataclasses import astuple
from typing import Any
from uuid import UUID

from app.db.pool import Connection, Database
from app.db.queries import query
from app.events import add_event
from app.log import get_log
from app.orchestrator import Orchestrator
from app.pipeline.breaker import Breaker, BreakerPolicy
from app.settings import Settings

LOCK = 0x5C1CB
_FIRST = 100
"""Priority of a probe: above that of any stage."""


class Breakers:
    """The breakers of all runs."""

    def __init__(self, database: Database, orchestrator: Orchestrator, settings: Settings) -> None:
        self._database = database
        self._orchestrator = orchestrator
        self._policy = BreakerPolicy(
            settings.breaker_share,
            settings.breaker_window,
            settings.breaker_wait,
            settings.breaker_wait_cap,
            settings.breaker_probes,
        )
        self._log = get_log("breakers")

    async def step(self) -> None:
        """Open what is failing, begin probes that are due, and act on what probes told."""
        policy = self._policy
        async with self._database.transaction() as connection:
            if not await connection.fetchval(query("breakers.alone"), LOCK):
                return  # the lead is changing hands
            for row in await connection.fetch(query("breakers.waiting")):
                await self._follow(connection, row)
            if policy.window:
                given = (policy.window, policy.failures)
                for row in await connection.fetch(query("breakers.sick"), *given):
                    opened = Breaker().trip(row["cause"])
                    why = (
                        f"{row['failed']} of its last {policy.window} attempts failed with"
                        f" {row['cause']}; one item is tried from time to time"
                    )
                    text = f"stage {row['stage']} paused itself: {why}"
                    await self._move(connection, row, opened, "opened", text)

    async def _follow(self, connection: Connection, row: Any) -> None:
        now = Breaker(row["state"], row["cause"], row["failing"])
        if now.state == "open":
            if row["candidate"] is not None:
                await self._probe(connection, row, now.probe())
            return
        if row["passed"] is None and row["at_work"]:
            return
        then = now.learn(row["passed"], self._policy)
        match then.state:
            case "closed":
                text = f"stage {row['stage']} goes on: a probe passed"
                await self._move(connection, row, then, "closed", text)
            case "given_up":
                text = (
                    f"stage {row['stage']} failed {then.failing} probes with {then.cause}:"
                    " it waits no longer, its items are tried and may fail"
                )
                await self._move(connection, row, then, "gave_up", text)
            case _:
                await self._move(connection, row, then, "probe_failed", "")
                return
        await self._release(connection, row["run_id"], row["stage"])

    async def _probe(self, connection: Connection, row: Any, then: Breaker) -> None:
        await self._set(connection, row, then, row["candidate"])
        items = [row["candidate"]]
        await self._orchestrator.enqueue(connection, row["stage"], items, priority=_FIRST)

    async def _move(
        self, connection: Connection, row: Any, then: Breaker, what: str, note: str
    ) -> None:
        """Store where the breaker stands, and say so to whoever looks."""
        await self._set(connection, row, then, None)
        if note:
            await connection.execute(query("runs.add_note"), row["run_id"], note)
        told = {"cause": row["cause"], "failing_probes": then.failing, "reason": note}
        await add_event(connection, row["run_id"], f"breaker_{what}", stage=row["stage"], **told)
        self._log.warning(f"breaker_{what}", run=str(row["run_id"])[:8], stage=row["stage"])

    async def _set(
        self, connection: Connection, row: Any, then: Breaker, probe: int | None
    ) -> None:
        wait = self._policy.pause(then.failing)
        values = (row["run_id"], row["stage"], *astuple(then), wait, probe)
        await connection.execute(query("breakers.set"), *values)

    async def _release(self, connection: Connection, run_id: UUID, stage: str) -> None:
        rows = await connection.fetch(query("breakers.released"), run_id, stage)
        await self._orchestrator.enqueue(connection, stage, [row["id"] for row in rows])
