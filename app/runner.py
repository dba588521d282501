"""One job: claim its items, handle them concurrently, pass their outcomes to the settler.

Capacity is counted in items in flight over all jobs of the process. A job is fed in as slots get
free, so that a slow item holds nobody up.
"""

import asyncio
from collections.abc import Sequence
from operator import itemgetter
from typing import Any
from uuid import UUID

import structlog

from app.db.pool import Database
from app.db.queries import query
from app.db.requests import unpack_run
from app.errors import BudgetExceeded, HostBusy
from app.log import get_log
from app.pipeline.graph import Graph
from app.pipeline.outcomes import Outcome, Snooze
from app.pipeline.retry import failure_of
from app.pipeline.stage import Work
from app.queue import URGENT, Job
from app.records.company import Company
from app.records.run import Run
from app.settler import Lease, Settler

_company_values = itemgetter(*Company.__dataclass_fields__)
_GATHER = 0.002
"""Seconds that a claim waits for more slots to get free, so that claims stay few and large."""
_REMEMBERED = 64
"""Runs whose request a process keeps at hand."""


class Slots:
    """How many items may be in flight."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.free = size
        self._changed = asyncio.Event()

    async def take(self, wanted: int, *, urgent: bool = False) -> int:
        """Wait for a free slot, then take up to `wanted` of them. What is `urgent` takes all that
        it wants at once, and the rest waits until as many are back."""
        if urgent:
            self.free -= wanted
            return wanted
        if self.free <= 0:
            await self._until(1)
            await asyncio.sleep(_GATHER)
        taken = min(wanted, self.free)
        self.free -= taken
        return taken

    async def take_all(self) -> int:
        """Wait until nothing is in flight, then take every slot."""
        await self._until(self.size)
        self.free = 0
        return self.size

    def give(self, count: int) -> None:
        """Return slots."""
        self.free += count
        self._changed.set()

    async def _until(self, free: int) -> None:
        while self.free < free:
            self._changed.clear()
            await self._changed.wait()


class Runner:
    """The items in flight of one process."""

    def __init__(
        self,
        database: Database,
        graph: Graph,
        settler: Settler,
        tools: Any,
        *,
        concurrency: int,
        lease: float,
    ) -> None:
        self._database = database
        self._graph = graph
        self._known = [stage.name for stage in graph]
        self._settler = settler
        self._tools = tools
        self._lease = lease
        self._runs: dict[UUID, tuple[int, Run]] = {}
        self._held: dict[int, tuple[Lease, asyncio.Task[None]]] = {}
        self._log = get_log("runner")
        self.slots = Slots(concurrency)
        self.worker_id = 0

    @property
    def in_flight(self) -> int:
        """How many items this process holds."""
        return len(self._held)

    async def take(self, job: Job) -> bool:
        """Claim and start the job's items; returns when the last one is started. False when it is
        for another worker: its run goes through stages that this version does not know."""
        waiting, claimed = list(job.items), 0
        urgent = job.priority >= URGENT  # a job that waits here could be lost a second time
        while waiting:
            taken = await (
                self._take_all() if job.alone else self.slots.take(len(waiting), urgent=urgent)
            )
            count = 1 if job.alone else taken
            part, waiting = waiting[:count], waiting[count:]
            try:
                rows = await self._claim(part, job)
            except BaseException:
                self.slots.give(taken)
                raise
            claimed += len(rows)
            if job.alone and rows:
                self._start(rows[0], slots=taken)
                continue
            self.slots.give(taken - len(rows))
            for row in rows:
                self._start(row, slots=1)
        foreign = (query("items.foreign"), list(job.items), self._known)
        return claimed > 0 or not await self._database.fetchval(*foreign)

    async def _take_all(self) -> int:
        """Every slot, once nothing is in flight and nothing that is done could be lost with us."""
        taken = await self.slots.take_all()
        try:
            await self._settler.flushed()
        except BaseException:
            self.slots.give(taken)
            raise
        return taken

    async def renew(self) -> None:
        """Extend the leases; what is lost is stopped and its outcome dropped. Without any it still
        asks, to learn whether leases can be renewed at all."""
        held = {lease.item_id: lease for lease in self._settler.leases}
        held |= {item_id: lease for item_id, (lease, _) in self._held.items()}
        rows = await self._database.fetch(
            query("items.renew"),
            list(held),
            [lease.fence for lease in held.values()],
            self._lease,
        )
        for item_id in held.keys() - {row["id"] for row in rows}:
            lease, task = self._held.get(item_id, (None, None))
            if lease is held[item_id] and task is not None:
                self._log.warning("lease_lost", item=item_id, stage=lease.stage)
                self._held.pop(item_id)
                task.cancel()

    async def drain(self, grace: float) -> None:
        """Wait up to `grace` seconds for the items in flight, then hand the rest back."""
        tasks = [task for _, task in self._held.values()]
        if tasks and grace > 0:
            await asyncio.wait(tasks, timeout=grace)
        rest = list(self._held.values())
        self._held.clear()
        for _, task in rest:
            task.cancel()
        self._settler.hand_back(lease for lease, _ in rest)

    async def _claim(self, items: Sequence[int], job: Job) -> list[Any]:
        given = (list(items), self.worker_id, self._lease, job.stage, self._known, job.by_hand)
        rows = await self._database.fetch(query("items.claim"), *given)
        for run_id, revision in {(row["run"], row["revision"]) for row in rows}:
            known = self._runs.pop(run_id, None)
            if known is None or known[0] != revision:
                row = await self._database.fetchrow(query("runs.get"), run_id)
                known = revision, unpack_run(row)
            self._runs[run_id] = known  # the latest used stand last
        for forgotten in list(self._runs)[:-_REMEMBERED]:
            del self._runs[forgotten]
        return rows

    def _start(self, row: Any, *, slots: int) -> None:
        lease = Lease(
            row["item_id"],
            row["fence"],
            row["run"],
            row["stage"],
            row["id"],
            row["attempt"],
            row["lost"],
        )
        work = Work(
            lease.item_id,
            lease.stage,
            lease.attempt,
            self._runs[lease.run_id][1],
            company_of(row) if row["id"] is not None else None,
            row["batch"],
            row["input"] or {},
            lease.fence,
        )
        task = asyncio.create_task(self._run(lease, work, slots))
        self._held[lease.item_id] = (lease, task)

    async def _run(self, lease: Lease, work: Work, slots: int) -> None:
        try:
            outcome = await self._handle(work)
        except asyncio.CancelledError:
            return  # the lease is lost or handed back: nobody wants the outcome
        finally:
            self.slots.give(slots)
        if self._held.pop(lease.item_id, None) is not None:
            self._settler.put(lease, outcome)

    async def _handle(self, work: Work) -> Outcome:
        stage = self._graph[work.stage]
        structlog.contextvars.bind_contextvars(
            run=work.run.short_id, stage=work.stage, item=work.item_id, worker=self.worker_id
        )
        try:
            async with asyncio.timeout(stage.timeout):
                return await stage.handle(work, self._tools)
        except BudgetExceeded as refused:
            return Snooze(0, str(refused))
        except HostBusy as busy:
            return Snooze(busy.seconds, str(busy))
        except Exception as error:
            fail = failure_of(error)
            if fail.cause == "unexpected_error":
                self._log.exception("handler_failed", attempt=work.attempt)
            return fail


def company_of(row: Any) -> Company:
    """A company from a row that has all its columns."""
    values: list[Any] = [tuple(v) if isinstance(v, list) else v for v in _company_values(row)]
    return Company(*values)
