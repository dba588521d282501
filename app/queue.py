"""The queue: procrastinate behind asyncpg. The only file that imports it.

procrastinate defers, orders, schedules and hands out jobs, and keeps the registry of workers. A job
carries a chunk of items of one stage; it is finished as soon as a worker has leased them, because
from then on the leases guard the work.
"""

import math
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import asyncpg
from procrastinate import connector, manager, schema
from procrastinate.jobs import Job as QueueJob
from procrastinate.jobs import Status

from app.db.migrate import Component, Migration
from app.db.pool import Connection, Database
from app.db.queries import query

URGENT = 100
"""Priority above that of any stage: what was lost has waited long enough."""
TASK = "sluice.items"
PAYLOAD_VERSION = 1
_PLACEHOLDER = re.compile(r"%\((\w+)\)s|%%")


@dataclass(frozen=True, slots=True)
class Job:
    """Do these items of this stage. `alone`: with nothing else in flight in the process;
    `returned`: how often the job was handed back. `by_hand`: a person asked for it, whatever the
    state of the run; never in the queue."""

    stage: str
    items: tuple[int, ...]
    alone: bool = False
    priority: int = 0
    not_before: datetime | None = None
    id: int = 0
    returned: int = 0
    by_hand: bool = False


class Queue:
    """Jobs in, jobs out."""

    def __init__(self, database: Database) -> None:
        self._manager = manager.JobManager(_AsyncpgConnector(database))
        self._database = database

    async def defer(self, connection: Connection, jobs: Sequence[Job]) -> None:
        """Enqueue inside the caller's transaction: state and job commit together or not at all."""
        if jobs:
            await self._manager.batch_defer_jobs_async([_to_queue(job) for job in jobs], connection)

    async def fetch(self, stages: Iterable[str], worker_id: int) -> Job | None:
        """The next job of these stages, or None; None, too, for a worker that was struck out (its
        heartbeat registers it again). What this version cannot read is handed back: a newer worker
        may know it."""
        with suppress(asyncpg.ForeignKeyViolationError):
            while found := await self._manager.fetch_job(list(stages), worker_id):
                if job := _read(found):
                    return job
                await self.hand_back(found.id or 0, seconds=30)
        return None

    async def next_due(self, stages: Iterable[str]) -> float | None:
        """Seconds until the next job of these stages that is not due yet; None without one."""
        due: float | None = await self._database.fetchval(query("jobs.next_due"), list(stages))
        return due

    async def finish(self, job_id: int) -> None:
        """The job's items are leased, or are not ours to do: forget the job. One that is gone
        already, because the reply to an earlier try was lost, is no error."""
        with suppress(asyncpg.RaiseError):
            await self._manager.finish_job_by_id_async(job_id, Status.SUCCEEDED, delete_job=True)

    async def hand_back(self, job_id: int, seconds: float) -> None:
        """Let another worker have the job, no sooner than in `seconds`; none if it is gone."""
        now: datetime = await self._database.fetchval("SELECT now()")
        with suppress(asyncpg.RaiseError):
            await self._manager.retry_job_by_id_async(job_id, now + timedelta(seconds=seconds))

    async def register(self) -> int:
        """Enter a worker process; its id."""
        return await self._manager.register_worker()

    async def unregister(self, worker_id: int) -> None:
        """Strike a worker process out."""
        await self._manager.unregister_worker(worker_id)


def chunked(stage: str, items: Sequence[int], size: int, **options: Any) -> list[Job]:
    """Jobs that carry `items` in chunks of even length, none above `size`."""
    count = math.ceil(len(items) / size)
    bounds = [len(items) * n // count for n in range(count + 1)] if count else []
    return [Job(stage, tuple(items[start:end]), **options) for start, end in pairwise(bounds)]


def channels(stages: Iterable[str]) -> list[str]:
    """The NOTIFY channels on which new jobs of these stages are announced."""
    return list(manager.get_channel_for_queues(list(stages)))


def queue_component() -> Component:
    """procrastinate's own schema and migrations, as shipped."""
    folder = Path(schema.SchemaManager.get_migrations_path())
    shipped = sorted(folder.glob("*.sql"))
    return Component(
        "procrastinate",
        tuple(Migration(f"procrastinate {f.name}", f.read_text("utf-8")) for f in shipped),
        Migration("procrastinate schema", schema.SchemaManager.get_schema()),
    )


def _read(found: QueueJob) -> Job | None:
    """The job that a payload says, or None where it says none."""
    payload: dict[str, Any] = found.task_kwargs
    items = payload.get("items")
    if found.task_name != TASK or payload.get("version") != PAYLOAD_VERSION:
        return None
    if not isinstance(items, list) or not all(type(item) is int for item in items):
        return None
    return Job(
        found.queue,
        tuple(items),
        bool(payload.get("alone")),
        found.priority,
        id=found.id or 0,
        returned=found.attempts,
    )


def _to_queue(job: Job) -> QueueJob:
    payload = {"version": PAYLOAD_VERSION, "items": list(job.items)}
    if job.alone:
        payload["alone"] = True
    return QueueJob(
        queue=job.stage,
        lock=None,
        queueing_lock=None,
        task_name=TASK,
        task_kwargs=payload,  # type: ignore[arg-type]
        priority=job.priority,
        scheduled_at=job.not_before,
    )


class _AsyncpgConnector(connector.BaseAsyncConnector):
    """procrastinate over our pool, so that its calls and ours share one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def execute_query_async(self, query: str, **arguments: Any) -> None:
        sql, values = _native(query, arguments)
        await self._database.fetch(sql, *values)

    async def execute_query_one_async(self, query: str, **arguments: Any) -> dict[str, Any]:
        sql, values = _native(query, arguments)
        return dict(await self._database.fetchrow(sql, *values))

    async def execute_query_all_async(self, query: str, **arguments: Any) -> list[dict[str, Any]]:
        sql, values = _native(query, arguments)
        return [dict(row) for row in await self._database.fetch(sql, *values)]

    async def execute_query_all_async_with_connection(
        self, connection: Connection, query: str, **arguments: Any
    ) -> list[dict[str, Any]]:
        sql, values = _native(query, arguments)
        return [dict(row) for row in await connection.fetch(sql, *values)]


def _native(query: str, arguments: dict[str, Any]) -> tuple[str, list[Any]]:
    sql, names = _translate(query)
    return sql, [arguments[name] for name in names]


@cache
def _translate(query: str) -> tuple[str, tuple[str, ...]]:
    """`%(name)s` -> `$n`, and the names in order."""
    names: list[str] = []

    def number(match: re.Match[str]) -> str:
        name = match[1]
        if name is None:
            return "%"
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return _PLACEHOLDER.sub(number, query), tuple(names)
