"""A worker process: start, take jobs, renew leases, sweep, drain.

SIGTERM or SIGINT: no new work, items in flight get the grace time, the rest is handed back with its
attempt uncharged. A second signal: hand back at once.
"""

import asyncio
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from app import __version__
from app.db.pool import OUTAGE, Connection, Database
from app.db.queries import query
from app.log import get_log
from app.loop import Health, repeat
from app.mail import send_notices
from app.orchestrator import Orchestrator
from app.queue import Job, Queue, channels
from app.runner import Runner
from app.settings import Settings
from app.settler import Settler
from app.sweeper import Sweeper

_ADVANCE_PAUSE = 0.02
"""Seconds between two looks at what moved on: many small settlements cost one look."""
_FLUSH = 5.0
"""Seconds to settle what is left when the process ends."""


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
        self._sweeper = Sweeper(database, orchestrator, silence=settings.lease)
        self._health = Health(lambda: database.revive(settings))
        self._listening: Connection | None = None
        self._wake = asyncio.Event()
        self._stop = asyncio.Event()
        self._signals = 0
        self._job: Job | None = None
        self._log = get_log("worker")
        self._id = 0

    async def run(self, *, until_idle: bool = False) -> None:
        """Serve until a signal, or, with `until_idle`, until no run is active.

        Raises what ended a loop that should not end.
        """
        await self._register()
        self._handle_signals()
        taking = self._loop("fetch", self._fetch, every=self._settings.poll, wake=self._wake)
        tasks = [
            taking,
            self._loop("heartbeat", self._beat, every=self._settings.heartbeat),
            self._loop("settler", self._settler.step),
            self._loop("advance", self._advance),
            self._loop("listener", self._listen, every=1.0),
            self._loop("sweeper", self._sweep, every=self._settings.lease / 3),
            asyncio.create_task(self._stopped()),
        ]
        if until_idle:
            tasks.append(asyncio.create_task(self._idle()))
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            await self._drain(taking)
            for task in done:
                task.result()
        finally:
            await self._end(tasks)

    def stop(self) -> None:
        """Drain and end; called again, end at once."""
        self._signals += 1
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

    async def _register(self) -> None:
        self._id = await self._queue.register()
        self._runner.worker_id = self._settler.worker_id = self._id
        await self._database.fetch(
            query("workers.enter"),
            self._id,
            socket.gethostname(),
            os.getpid(),
            __version__,
            list(self._stages),
            self._runner.slots.size,
        )
        self._log.info("worker_started", worker=self._id, stages=list(self._stages))

    def _handle_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)

    async def _fetch(self) -> None:
        """Take jobs as long as there are any and there is room for their items."""
        while True:
            self._job = self._job or await self._queue.fetch(self._stages, self._id)
            if self._job is None:
                return
            await self._runner.take(self._job)
            await self._queue.finish(self._job.id)
            self._job = None

    async def _beat(self) -> None:
        await self._runner.renew()
        alive = await self._database.fetchrow(
            query("workers.beat"), self._id, self._runner.in_flight, self._stop.is_set()
        )
        if alive is None and not self._stop.is_set():
            self._log.warning("registered_again", was=self._id)
            await self._register()

    async def _advance(self) -> None:
        """Move on the runs that something was settled for."""
        settler = self._settler
        await settler.moved.wait()
        settler.moved.clear()
        touched, settler.touched = settler.touched, set()
        try:
            for run_id in touched:
                await self._orchestrator.advance(run_id)
        except BaseException:
            settler.touched |= touched
            settler.moved.set()
            raise
        await asyncio.sleep(_ADVANCE_PAUSE)

    async def _listen(self) -> None:
        """Keep a connection that new jobs wake: for speed, polling is the guarantee."""
        if self._listening is not None and not self._listening.is_closed():
            await self._listening.fetchval("SELECT 1")
            return
        connection = await self._database.listener()
        for channel in channels(self._stages):
            await connection.add_listener(channel, lambda *_: self._wake.set())
        self._listening = connection
        self._wake.set()

    async def _sweep(self) -> None:
        connection = self._listening
        if connection is None or connection.is_closed():
            return
        if await self._sweeper.lead(connection):
            await self._sweeper.sweep()
            await send_notices(self._database, self._settings)

    async def _idle(self) -> None:
        """Returns when no run is active any more."""
        while True:
            await asyncio.sleep(0.3)
            with suppress(*OUTAGE):
                active = await self._database.fetch(query("runs.active_ids"))
                if not active and not self._runner.in_flight and not self._settler.backlog:
                    await send_notices(self._database, self._settings)
                    return

    async def _drain(self, taking: asyncio.Task[None]) -> None:
        self._stop.set()
        taking.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await taking
        if self._job is not None:
            with suppress(*OUTAGE):
                await self._queue.hand_back(self._job.id, seconds=0)
        grace = asyncio.create_task(self._runner.drain(self._settings.grace))
        while not grace.done():
            await asyncio.wait([grace], timeout=0.1)
            if self._signals > 1:
                await self._runner.drain(0)
                grace.cancel()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._settler.flushed(), 1.0 if self._signals > 1 else _FLUSH)

    async def _end(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with suppress(*OUTAGE):
            if self._listening is not None:
                await self._listening.close(timeout=1)
            await self._database.fetch(query("workers.leave"), self._id)
            await self._queue.unregister(self._id)
        self._log.info("worker_ended", worker=self._id)
