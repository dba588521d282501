"""Look at a run until it ends. Woken by NOTIFY, and by the clock twice a second anyway."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from typing import Protocol, TypeVar
from uuid import UUID

from app.clock import Clock
from app.db.pool import OUTAGE, Connection
from app.db.queries import query
from app.errors import DatabaseGone, DatabaseUnavailable
from app.events import CHANNEL
from app.progress import Progress, load_progress
from app.wiring import Engine

POLL = 0.5
_FASTEST = 0.1
_SHARE = 10
"""A look is followed by a pause ten times as long: watching costs a tenth of a connection."""
_RETRY = 0.5

T = TypeVar("T")


class Viewer(Protocol):
    """Whoever shows a run to a person."""

    def show(self, progress: Progress) -> None:
        """The run as it is now."""

    def say(self, text: str) -> None:
        """One sentence beside the progress."""


class Silent:
    """Shows nothing."""

    def show(self, progress: Progress) -> None:
        """Nothing."""

    def say(self, text: str) -> None:
        """Nothing."""


class Watch:
    """One run, seen through an engine's database.

    Survives an outage as long as the settings' database_deadline, and says so once.
    """

    def __init__(self, engine: Engine, run_id: UUID, viewer: Viewer, clock: Clock) -> None:
        self._engine = engine
        self._run_id = run_id
        self._viewer = viewer
        self._clock = clock
        self._wake = asyncio.Event()
        self._listening: Connection | None = None
        self._loss: int | None = None

    async def progress(self) -> AsyncGenerator[Progress]:
        """The run whenever it may have changed; the last one is of a run that is not active.

        Raises DatabaseUnavailable when the database stays away, DatabaseGone when it is gone.
        """
        try:
            while True:
                began = self._clock.monotonic()
                progress = await self.patiently(self._look)
                cost = self._clock.monotonic() - began
                self._viewer.show(progress)
                yield progress
                if progress.run.status != "active":
                    return
                await self._pause(cost)
        finally:
            await self._close()

    async def patiently(self, step: Callable[[], Awaitable[T]]) -> T:
        """`step`, tried again while the database is away."""
        settings = self._engine.settings
        deadline: float | None = None
        while True:
            try:
                result = await step()
            except OUTAGE as error:
                why = str(error) or type(error).__name__
                now = self._clock.monotonic()
                if deadline is None:
                    deadline = now + settings.database_deadline
                    self._viewer.say(
                        f"the database does not answer ({why}): trying for up to"
                        f" {settings.database_deadline:g} seconds; the workers do the same"
                    )
                if now > deadline:
                    raise DatabaseUnavailable(
                        f"the database does not answer ({why}); the run continues when it is"
                        f" back: sluice watch {str(self._run_id)[:8]}"
                    ) from None
                await self._clock.sleep(_RETRY)
                try:
                    await self._engine.database.revive(settings)
                except DatabaseGone:
                    raise
                except (*OUTAGE, DatabaseUnavailable):
                    pass
            else:
                if deadline is not None:
                    self._viewer.say("the database is back")
                return result

    async def _look(self) -> Progress:
        if self._listening is None or self._listening.is_closed():
            self._listening = await self._engine.database.listener()
            await self._listening.add_listener(CHANNEL, self._heard)
        progress = await load_progress(self._engine.database, self._run_id)
        await self._tell_losses()  # after it: whatever was lost before the end is told
        return progress

    async def _tell_losses(self) -> None:
        """A sentence for every worker that was lost since the first look."""
        rows = await self._engine.database.fetch(query("events.lost_workers"), self._loss)
        if self._loss is not None:
            for row in rows:
                self._viewer.say(
                    f"worker {row['worker']} ({row['host']}, pid {row['pid']}) was lost;"
                    " its items go to others"
                )
        self._loss = rows[-1]["id"] if rows else self._loss or 0

    def _heard(self, _: object, __: int, ___: str, run_id: str) -> None:
        if run_id in ("", str(self._run_id)):  # "" is of no run
            self._wake.set()

    async def _pause(self, cost: float) -> None:
        least = max(_FASTEST, cost * _SHARE)
        await self._clock.sleep(least)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), max(POLL - least, 0.001))
        self._wake.clear()

    async def _close(self) -> None:
        if self._listening is not None:
            with suppress(*OUTAGE):
                await self._listening.close(timeout=1)
