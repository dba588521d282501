"""Lead a run: see that it has workers, and watch it to its end, within its time. One leads.

The lead is a session lock on a connection of its own, so that it ends however the process ends.
Killing the leader harms nothing: the workers go on.
"""

import asyncio
import math
import os
import socket
from contextlib import aclosing, suppress
from functools import partial
from uuid import UUID

from app.clock import Clock
from app.db.pool import OUTAGE, Connection, Database
from app.db.queries import query
from app.errors import DatabaseUnavailable, RunLed, SluiceError, StageTimeout
from app.fleet import Fleet, fleet_groups
from app.progress import Progress, StageProgress
from app.records.run import Run
from app.watch import Viewer, Watch
from app.wiring import Engine

_SHOWN = 3
"""How many open items a timeout names."""
_PATIENCE = 3.0
"""Seconds without a worker for some stage before the leader starts one."""
_BOOT = 15.0
"""Seconds that fresh worker processes get to register."""


class Lead:
    """The right to lead one run; held until closed or the database restarts."""

    def __init__(self, database: Database, run_id: UUID) -> None:
        self._database = database
        self._run_id = run_id
        self._connection: Connection | None = None

    async def take(self) -> bool:
        """Whether this process leads; safe to call again at any time."""
        if self._connection is not None and not self._connection.is_closed():
            return True
        connection = await self._database.listener()
        if not await connection.fetchval(query("progress.lead"), self._run_id):
            await connection.close(timeout=1)
            return False
        name = f"sluice {str(self._run_id)[:8]} {socket.gethostname()[:36]} {os.getpid()}"
        await connection.execute(query("progress.name_connection"), name)
        self._connection = connection
        return True

    async def holder(self) -> str:
        """Who leads, for a person: "host, pid 123"."""
        name: str = await self._database.fetchval(query("progress.leader"), self._run_id) or ""
        words = name.split()
        return f"{words[2]}, pid {words[3]}" if len(words) == 4 else "another process"

    async def close(self) -> None:
        """Let go."""
        if self._connection is not None:
            with suppress(*OUTAGE):
                await self._connection.close(timeout=1)


class Leader:
    """Carries one run to its end."""

    def __init__(self, engine: Engine, run: Run, viewer: Viewer, clock: Clock) -> None:
        self._engine = engine
        self._run = run
        self._viewer = viewer
        self._clock = clock
        self._watch = Watch(engine, run.id, viewer, clock)
        self._lead = Lead(engine.database, run.id)
        self._fleet = Fleet(engine.settings, clock)
        self._began = clock.monotonic()
        self._leads = True
        self._slow: set[str] = set()
        self._uncovered_since: float | None = None

    async def carry(self, stage_timeout: float) -> Progress:
        """Lead until the run is not active any more. `stage_timeout`: seconds for one stage.

        Raises RunLed, StageTimeout (the run continues), DatabaseUnavailable, and SluiceError when
        its worker processes keep dying.
        """
        last: Progress | None = None
        try:
            if not await self._lead.take():
                raise RunLed(await self._led())
            await self.staff()
            async with aclosing(self._watch.progress()) as looks:
                async for progress in looks:
                    last = progress
                    self._warn_of_slow(progress)
                    if progress.run.status == "active":
                        await self._check_time(progress, stage_timeout)
                        await self._watch.patiently(self._tend)
        except asyncio.CancelledError:
            with suppress(*OUTAGE, DatabaseUnavailable):
                await self.staff()  # who interrupts at once is told, too, that the run goes on
            raise
        finally:
            self.leave()
            await self._lead.close()
        assert last is not None
        return last

    async def staff(self) -> None:
        """Start worker processes unless live ones cover all stages."""
        if await self._missing() and not self._fleet.groups:
            groups = fleet_groups(self._engine.graph)
            self._viewer.say(f"starting {len(groups)} worker processes")
            await asyncio.to_thread(self._fleet.start, groups)
        self._uncovered_since = None

    async def staffed(self) -> None:
        """Wait until the started processes serve their stages. Raises SluiceError if they die."""
        deadline = self._clock.monotonic() + _BOOT
        while await self._missing() and self._clock.monotonic() < deadline:
            self._tend_fleet()
            await self._clock.sleep(0.1)

    def leave(self) -> None:
        """Let the worker processes go on alone."""
        self._fleet.leave()

    async def _missing(self) -> list[str]:
        """Stages of the run that no live worker serves, in order."""
        patience = self._engine.settings.lease
        rows = await self._engine.database.fetch(query("workers.covered"), patience)
        covered = {row["stage"] for row in rows}
        route = self._engine.graph.only(self._run.route)
        return [stage.name for stage in route if stage.name not in covered]

    async def _tend(self) -> None:
        """Keep the lead, keep our processes alive, and step in when a foreign fleet goes away."""
        leads = await self._lead.take()
        if leads != self._leads:
            self._leads = leads
            self._viewer.say("leading again" if leads else f"{await self._led()}; watching on")
        if not leads:
            return
        self._tend_fleet()
        if not await self._missing():
            self._uncovered_since = None
        elif self._uncovered_since is None:
            self._uncovered_since = self._clock.monotonic()
        elif self._clock.monotonic() - self._uncovered_since > _PATIENCE:
            await self.staff()

    def _tend_fleet(self) -> None:
        short = self._run.short_id
        try:
            for sentence in self._fleet.tend():
                self._viewer.say(sentence)
        except SluiceError as error:
            raise SluiceError(f"{error}; when that is put right: sluice resume {short}") from None

    async def _led(self) -> str:
        holder = await self._lead.holder()
        short = self._run.short_id
        return f"run {short} is led by {holder}; look on with: sluice watch {short}"

    def _warn_of_slow(self, progress: Progress) -> None:
        """Say once of each stage that it takes longer than the run's `max_stage_seconds`."""
        limits = self._run.request.max_stage_seconds
        for stage in progress.stages:
            limit = limits.get(stage.stage, limits.get("", math.inf))
            if stage.stage not in self._slow and (stage.seconds or 0) > limit:
                self._slow.add(stage.stage)
                self._viewer.say(f"stage {stage.stage} takes longer than {limit:g} s")

    async def _check_time(self, progress: Progress, limit: float) -> None:
        """A stage with nothing open waits for others (discovery, while research may still reject):
        it is overdue only when no stage has anything open."""
        led_for = self._clock.monotonic() - self._began
        busy = [stage for stage in progress.stages if stage.open]
        for stage in busy or progress.stages:
            if stage.status == "running" and min(stage.seconds or 0, led_for) > limit:
                raise StageTimeout(
                    await self._watch.patiently(partial(self._overdue, stage, limit))
                )

    async def _overdue(self, stage: StageProgress, limit: float) -> str:
        rows = await self._engine.database.fetch(
            query("items.open"), self._run.id, stage.stage, _SHOWN
        )
        names = ", ".join(row["subject"] or f"item {row['id']}" for row in rows)
        more = ", ..." if stage.open > len(rows) else ""
        what = f"{stage.open} open ({names}{more})" if rows else "nothing open, yet it does not end"
        return (
            f"stage {stage.stage} took longer than {limit:g} seconds: {what};"
            f" the run continues: sluice watch {self._run.short_id}"
        )
