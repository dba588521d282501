"""Group commit: outcomes are gathered for a few milliseconds and settled together.

One transaction settles a group: items, log rows, records, where the companies stand, the items that
follow and the jobs that carry them. Only items whose fence is still ours are touched.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.context import replace_context
from app.db import records
from app.db.found import add_found
from app.db.pool import OUTAGE, Connection, Database
from app.db.queries import query
from app.log import get_log
from app.orchestrator import Orchestrator
from app.pipeline.graph import Graph
from app.pipeline.outcomes import NOTHING, Done, Fail, Outcome, Records, Review, Skip, Snooze
from app.pipeline.retry import RetryPolicy
from app.pipeline.stage import Stage

LINGER = 0.004
GROUP = 500

_COMPANY_STATUS = {"done": "open", "skipped": "rejected", "review": "review", "failed": "failed"}


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to settle an item while nobody has a higher fence. `attempt` counts every claim,
    `lost` those that ended with their process."""

    item_id: int
    fence: int
    run_id: UUID
    stage: str
    company_id: int | None
    attempt: int
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Settlement:
    """A lease and what became of its item, in the words that the tables use."""

    lease: Lease
    state: str
    status: str
    records: Records = NOTHING
    cause: str | None = None
    reason: str | None = None
    result: dict[str, Any] | None = None
    delay: float = 0.0
    charge: int = 1


class Settler:
    """Settles what the handlers of one process return.

    `touched` are the runs that something was settled for; `moved` is set with it, and `pressing`
    where it was a stage that works on the run: the next one can begin.
    """

    def __init__(
        self,
        database: Database,
        orchestrator: Orchestrator,
        graph: Graph,
        policy: RetryPolicy,
    ) -> None:
        self._database = database
        self._orchestrator = orchestrator
        self._graph = graph
        self._policy = policy
        self._chance = random.Random()  # noqa: S311  jitter needs no secrecy
        self._waiting: list[Settlement] = []
        self._size = GROUP
        self._wake = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()
        self._log = get_log("settler")
        self.worker_id = 0
        self.touched: set[UUID] = set()
        self.moved = asyncio.Event()
        self.pressing = asyncio.Event()

    def put(self, lease: Lease, outcome: Outcome) -> None:
        """Settle this soon."""
        self._add(self.translate(lease, outcome))

    def hand_back(self, leases: Iterable[Lease]) -> None:
        """Give items back with their attempt uncharged."""
        for lease in leases:
            self._add(Settlement(lease, "ready", "returned", charge=0))

    @property
    def leases(self) -> list[Lease]:
        """What is still held for outcomes that are not settled yet."""
        return [settlement.lease for settlement in self._waiting]

    @property
    def backlog(self) -> int:
        """How many outcomes are not settled yet."""
        return len(self._waiting)

    async def flushed(self) -> None:
        """Wait until nothing is left to settle."""
        await self._empty.wait()

    async def step(self) -> None:
        """Wait for outcomes and settle one group. Raises an OUTAGE error with nothing lost; the
        next group is smaller then, in case it was the size that took too long."""
        await self._wake.wait()
        if len(self._waiting) < GROUP:
            await asyncio.sleep(LINGER)
        group = self._waiting[: self._size]
        try:
            await self._settle(group)
        except OUTAGE:
            self._size = max(1, self._size // 2)
            raise
        self._size = min(GROUP, self._size * 2)

    def translate(self, lease: Lease, outcome: Outcome) -> Settlement:
        """An outcome in the words of the tables; decides whether a failure is tried again."""
        match outcome:
            case Done():
                return Settlement(lease, "done", "done", outcome.records, result=outcome.result)
            case Skip():
                return _ended(lease, "skipped", outcome)
            case Review():
                return _ended(lease, "review", outcome)
            case Snooze():
                return Settlement(
                    lease,
                    "ready",
                    "snoozed",
                    reason=outcome.reason,
                    delay=outcome.seconds,
                    charge=0,
                )
            case Fail():
                tries = lease.attempt - lease.lost
                delay = self._policy.delay(tries, outcome, self._chance)
                if delay is None:
                    return _ended(lease, "failed", outcome)
                return Settlement(
                    lease, "ready", "retried", NOTHING, outcome.cause, outcome.reason, delay=delay
                )

    def _add(self, settlement: Settlement) -> None:
        self._waiting.append(settlement)
        self._empty.clear()
        self._wake.set()

    async def _settle(self, group: list[Settlement]) -> None:
        try:
            await self._commit(group)
        except OUTAGE:
            raise
        except Exception as error:
            await self._settle_one_by_one(group, error)
        del self._waiting[: len(group)]
        if not self._waiting:
            self._wake.clear()
            self._empty.set()
        self.touched |= {settlement.lease.run_id for settlement in group}
        self.moved.set()
        if any(settlement.lease.company_id is None for settlement in group):
            self.pressing.set()

    async def _settle_one_by_one(self, group: list[Settlement], error: Exception) -> None:
        """Something in the group cannot be stored: only that item may suffer."""
        if len(group) == 1:
            self._log.error("records_refused", item=group[0].lease.item_id, error=str(error))
            fail = Fail("records_refused", f"{type(error).__name__}: {error}", temporary=False)
            await self._commit([_ended(group[0].lease, "failed", fail)])
            return
        for settlement in group:
            try:
                await self._commit([settlement])
            except OUTAGE:
                raise
            except Exception as each:
                await self._settle_one_by_one([settlement], each)

    async def _commit(self, group: Sequence[Settlement]) -> None:
        runs = list({settlement.lease.run_id for settlement in group})
        async with self._database.transaction() as connection:
            rows = await connection.fetch(query("runs.routes"), runs)
            graphs = {row["id"]: self._graph.only(row["route"]) for row in rows}
            kept = await self._settle_items(connection, group)
            by_stage: dict[tuple[UUID, str], list[Settlement]] = defaultdict(list)
            again: dict[tuple[str, datetime | None], list[int]] = defaultdict(list)
            for settlement, available_at in kept:
                lease = settlement.lease
                by_stage[lease.run_id, lease.stage].append(settlement)
                if settlement.state == "ready":
                    when = available_at if settlement.delay else None
                    again[lease.stage, when].append(lease.item_id)
            for (stage, when), items in again.items():
                await self._orchestrator.enqueue(connection, stage, items, not_before=when)
            for (run_id, stage), settlements in by_stage.items():
                followers = graphs[run_id].after(self._graph[stage])
                await self._write(connection, run_id, stage, settlements, followers)
            for run_id in {run_id for run_id, _ in by_stage}:
                await connection.execute(query("events.notify"), run_id)

    async def _settle_items(
        self, connection: Connection, group: Sequence[Settlement]
    ) -> list[tuple[Settlement, datetime]]:
        rows = await connection.fetch(
            query("items.settle"),
            [s.lease.item_id for s in group],
            [s.lease.fence for s in group],
            [s.state for s in group],
            [s.charge for s in group],
            [s.delay for s in group],
            [s.cause for s in group],
            [s.reason for s in group],
            [s.result for s in group],
            [s.status for s in group],
            self.worker_id,
        )
        available = {row["id"]: row["available_at"] for row in rows}
        for settlement in group:
            if settlement.lease.item_id not in available:
                self._log.warning(
                    "late_write_refused",
                    item=settlement.lease.item_id,
                    stage=settlement.lease.stage,
                    run=str(settlement.lease.run_id)[:8],
                    fence=settlement.lease.fence,
                )
        return [(s, available[s.lease.item_id]) for s in group if s.lease.item_id in available]

    async def _write(
        self,
        connection: Connection,
        run_id: UUID,
        stage_name: str,
        group: Sequence[Settlement],
        followers: tuple[Stage, ...],
    ) -> None:
        for settlement in group:
            got = settlement.records
            if got.context is not None:
                await replace_context(connection, run_id, got.context)
            if got.found or got.duplicates:
                new = await add_found(connection, run_id, stage_name, got)
                await self._orchestrator.release(connection, run_id, followers, new)
        ended = [s for s in group if s.lease.company_id is not None and s.state != "ready"]
        if not ended:
            return
        learned = [(s.lease.company_id or 0, s.records) for s in ended if s.records is not NOTHING]
        if learned:
            again = any(s.lease.fence > 1 for s in ended)
            await records.write(connection, stage_name, learned, again=again)
        await self._move(connection, stage_name, ended, last=not followers)
        passed = [s.lease.company_id or 0 for s in ended if s.state == "done"]
        if passed:
            await self._orchestrator.release(connection, run_id, followers, passed)

    async def _move(
        self, connection: Connection, stage: str, ended: Sequence[Settlement], *, last: bool
    ) -> None:
        standings = [
            records.Standing(
                s.lease.company_id or 0,
                "ready" if last and s.state == "done" else _COMPANY_STATUS[s.state],
                s.cause or "",
                s.reason or "",
                s.records.company,
            )
            for s in ended
        ]
        await records.stand(connection, stage, standings)


def _ended(lease: Lease, state: str, outcome: Skip | Review | Fail) -> Settlement:
    reason = outcome.reason[:2000]
    result = None if isinstance(outcome, Fail) else outcome.result or None
    return Settlement(lease, state, state, outcome.records, outcome.cause, reason, result)
