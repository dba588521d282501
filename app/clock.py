"""Time, injected. The database dates what is stored; this clock spaces requests and loops."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What code may know of time."""

    def now(self) -> datetime:
        """The wall clock, timezone-aware, UTC."""

    def monotonic(self) -> float:
        """Seconds that only grow; for durations and deadlines."""

    async def sleep(self, seconds: float) -> None:
        """Wait this long."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
