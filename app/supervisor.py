"""A worker process: start, take jobs, renew leases, sweep, drain.

SIGTERM or SIGINT: no new work, items in flight get the grace time, the rest is handed back with its
attempt uncharged. A second signal: hand back at once.
"""

import asyncio
import os
import signal
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from app import __version__
from app.breakers import Breakers
from app.db.pool import OUTAGE, Connection, Database
from app.db.queries import query
from app.errors import DatabaseUnavailable
from app.log import get_log
from app.loop import Health, end_when_stuck, repeat
from app.mail import send_notices
from app.orchestrator import Orchestrator
from app.queue import Job, Queue, channels
from app.runner import Runner
from app.settings import Settings
from app.settler import Settler
from app.sweeper import Sweeper

_ADVANCE_PAUSE = 0.02
"""Seconds between two looks at what moved on: many small settlements cost one look."""
_ADVANCE_SHARE = 9
"""Times as long as a look took that found nothing to move: these cost a tenth of the time. What
moves a stage is not waited for, nor is the end of one that works on the run; there are few."""
_ADVANCE_MOST = 0.5
"""Seconds. On a busy machine a look takes long, and the end of a run must not wait for that."""
_LAST, _AT_ONCE = 3.0, 0.8
"""Seconds to settle what is left and sign off when the process ends, outage or not."""
_LEAST = 0.1
_ABSENCE = 3600.0
"""Seconds without the database after which who serves until no run is active gives up."""
_FOREIGN, _FOREIGN_MOST = 0.25, 4.0
"""Seconds that a job which another version must do is left to others; doubled each time."""


class Worker:
    """One process that serves some stages."""

    def __init__(
        self,
        database: Database,
        queue: Queue,
        orchestrator: Orchestrator,
        runner: Runner,
        settler: Settler,
        settings: Settings,
        stages: Sequence[str],
    ) -> None:
        self._database = database
        self._queue = queue
        self._orchestrator = orchestrator
        self._runner = runner
        self._settler = settler
        self._settings = settings
        self._stages = tuple(stages)
        self._sweeper = Sweeper(
            database,
            orchestrator,
            Breakers(database, orchestrator, settings),
            silence=settings.lease,
        )
        self._health = Health(self._recover)
        self._listening: Connection | None = None
        self._leads = False
        self._wake = asyncio.Event()
        self._stop = asyncio.Event()
        self._hurry = asyncio.Event()
        self._deadline = 0.0
        self._job: Job | None = None
        self._log = get_log("worker")
        self._id = 0

    async def run(
        self, *, until_idle: bool = False, until: Callable[[], Awaitable[bool]] | None = None
    ) -> None:
        """Serve until a signal, with `until_idle` until no run is active, with `until` until that
        is true; signals are the caller's then.

        Raises what ended a loop that should not end.
        """
        if until is None:
            self._handle_signals()
        taking = self._loop("fetch", self._fetch, every=self._settings.poll, wake=self._wake)
        tasks = [
            taking,
            self._loop("heartbeat", self._beat, every=self._settings.heartbeat),
            self._loop("settler", self._settler.step),
            self._loop("advance", self._advance),
            self._loop("listener", self._listen, every=self._settings.lease / 5),
            self._loop("sweeper", self._sweep, every=self._settings.lease / 5),
            self._loop("notices", self._send_notices, every=self._settings.lease / 3),
            asyncio.create_task(end_when_stuck(self._settings.heartbeat)),
            asyncio.create_task(self._stopped()),
            asyncio.create_task(self._database.gone(self._settings)),
        ]
        if until_idle:
            tasks.append(asyncio.create_task(self._idle()))
        if until is not None:
            tasks.append(asyncio.create_task(self._until(until)))
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            await self._drain(taking)
            for task in done:
                task.result()
        finally:
            await self._end(tasks)

    def stop(self) -> None:
        """Drain and end; called again, end at once."""
        if self._stop.is_set():
            self._hurry.set()
        self._stop.set()

    def _loop(
        self,
        name: str,
        step: Callable[[], Awaitable[object]],
        *,
        every: float = 0.0,
        wake: asyncio.Event | None = None,
    ) -> asyncio.Task[None]:
        return asyncio.create_task(repeat(name, step, self._health, every=every, wake=wake))

    async def _stopped(self) -> None:
        await self._stop.wait()

    async def _recover(self, error: BaseException) -> None:
        await self._database.distrust(error)
        await self._database.revive(self._settings)

    async def _register(self) -> None:
        worker = await self._queue.register()
        await self._database.fetch(
            query("workers.enter"),
            worker,
            socket.gethostname(),
            os.getpid(),
            __version__,
            list(self._stages),
            self._runner.slots.size,
        )
        if self._id:
            self._log.warning("registered_again", was=self._id)
        self._id = self._runner.worker_id = self._settler.worker_id = worker
        self._log.info("worker_started", worker=worker, stages=list(self._stages))
        self._wake.set()

    def _handle_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)

    async def _fetch(self) -> None:
        """Take jobs as long as there are any and there is room for their items."""
        while self._id:
            self._job = self._job or await self._queue.fetch(self._stages, self._id)
            if self._job is None:
                break
            if await self._runner.take(self._job):
                await self._queue.finish(self._job.id)
            else:
                pause = min(_FOREIGN * 2.0**self._job.returned, _FOREIGN_MOST)
                await self._queue.hand_back(self._job.id, seconds=pause)
            self._job = None
        due = await self._queue.next_due(self._stages)
        if due is not None and due < self._settings.poll:
            asyncio.get_running_loop().call_later(due, self._wake.set)

    async def _beat(self) -> None:
        """Renew the leases and say that we live. Who is not known, or not any more, registers."""
        await self._runner.renew()
        job = self._job.id if self._job else 0
        gap = self._settings.lease / 2
        state = (self._id, self._runner.in_flight, self._stop.is_set(), job, gap)
        known = await self._database.fetchrow(query("workers.beat"), *state)
        if known is None and not self._stop.is_set():
            await self._register()

    async def _advance(self) -> None:
        """Move on the runs that something was settled for."""
        settler = self._settler
        await settler.moved.wait()
        settler.moved.clear()
        settler.pressing.clear()
        touched, settler.touched = settler.touched, set()
        clock = asyncio.get_running_loop().time
        started = clock()
        try:
            moved = [await self._orchestrator.advance(run_id) for run_id in touched]
        except BaseException:
            settler.touched |= touched
            settler.moved.set()
            raise
        pause = 0.0 if any(moved) else _ADVANCE_SHARE * (clock() - started)
        with suppress(TimeoutError):
            patience = min(max(_ADVANCE_PAUSE, pause), _ADVANCE_MOST)
            await asyncio.wait_for(settler.pressing.wait(), patience)

    async def _listen(self) -> None:
        """Keep a connection that new jobs wake, for speed: polling is the guarantee. It also holds
        the lead of the sweep, if this process has it."""
        if self._listening is None or self._listening.is_closed():
            self._leads = False
            self._listening = await self._database.listener(silence=self._settings.lease)
            for channel in channels(self._stages):
                await self._listening.add_listener(channel, lambda *_: self._wake.set())
            self._wake.set()
        try:
            self._leads = await self._sweeper.lead(self._listening, leads=self._leads)
        except BaseException:
            self._listening.terminate()
            raise

    async def _sweep(self) -> None:
        if self._leads:
            await self._sweeper.sweep()

    async def _send_notices(self) -> None:
        if self._leads:
            await send_notices(self._database, self._settings)

    async def _idle(self) -> None:
        """Returns when no run is active any more. Raises DatabaseUnavailable when nothing has
        answered for an hour: nobody may be left who would end this process."""
        answered = time.monotonic()
        while True:
            await asyncio.sleep(0.3)
            try:
                active = await self._database.fetch(query("runs.active_ids"))
                if not active and not self._runner.in_flight and not self._settler.backlog:
                    await send_notices(self._database, self._settings)
                    return
                answered = time.monotonic()
            except OUTAGE as error:
                if time.monotonic() - answered > _ABSENCE:
                    why = f"the database has not answered for {_ABSENCE:g} seconds"
                    raise DatabaseUnavailable(f"{why}: {error}") from None

    async def _until(self, done: Callable[[], Awaitable[bool]]) -> None:
        """Returns when `done` says so, asked after everything here is settled."""
        while True:
            await asyncio.sleep(0.05)
            with suppress(*OUTAGE):
                if not (self._runner.in_flight or self._settler.backlog) and await done():
                    return

    async def _drain(self, taking: asyncio.Task[None]) -> None:
        """Take nothing more; give the items in flight their time, hand back the rest."""
        self._stop.set()
        hurry = asyncio.create_task(self._hurry.wait())
        returning = asyncio.create_task(self._hand_back(taking))
        grace = asyncio.create_task(self._runner.drain(self._settings.grace))
        await asyncio.wait([grace, hurry], return_when=asyncio.FIRST_COMPLETED)
        await self._runner.drain(0)
        self._deadline = time.monotonic() + _LAST
        flushed = asyncio.create_task(self._settler.flushed())
        await asyncio.wait([flushed, hurry], timeout=_LAST, return_when=asyncio.FIRST_COMPLETED)
        if hurry.done():
            self._deadline = time.monotonic() + _AT_ONCE
        await asyncio.wait([flushed, returning], timeout=self._time_left())
        for task in (hurry, grace, flushed, returning):
            task.cancel()

    async def _hand_back(self, taking: asyncio.Task[None]) -> None:
        taking.cancel()
        await asyncio.wait([taking])
        if self._job is not None:
            with suppress(*OUTAGE):
                await self._queue.hand_back(self._job.id, seconds=0)

    async def _end(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=self._time_left())
        with suppress(TimeoutError, *OUTAGE):
            await asyncio.wait_for(self._sign_off(), self._time_left())
        if self._listening is not None:
            self._listening.terminate()
        self._log.info("worker_ended", worker=self._id)

    async def _sign_off(self) -> None:
        await self._database.fetch(query("workers.leave"), self._id)
        await self._queue.unregister(self._id)

    def _time_left(self) -> float:
        return max(self._deadline - time.monotonic(), _LEAST)
