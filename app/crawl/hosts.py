"""Politeness: one request to a host at a time, and a pause between them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from app.clock import Clock

MAX_IDLE = 1_000


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    last_start: float = 0.0
    waiting: int = 0


class HostGate:
    """Lets requests to one host through one by one, in order of arrival. Hosts do not wait for each
    other; `www.` and the bare name are one host."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str, spacing: float) -> AsyncIterator[None]:
        """Holds the host; waits until `spacing` seconds after the last request started."""
        entry = self._hosts.setdefault(host.removeprefix("www."), _Host())
        entry.waiting += 1
        try:
            async with entry.lock:
                pause = entry.last_start + spacing - self._clock.monotonic()
                if entry.last_start and pause > 0:
                    await self._clock.sleep(pause)
                entry.last_start = self._clock.monotonic()
                yield
        finally:
            entry.waiting -= 1
            self._forget()

    def _forget(self) -> None:
        """Hosts that nobody waits for, the longest idle first, beyond MAX_IDLE."""
        if len(self._hosts) > 2 * MAX_IDLE:
            idle = [name for name, entry in self._hosts.items() if not entry.waiting]
            idle.sort(key=lambda name: self._hosts[name].last_start)
            for name in idle[:-MAX_IDLE]:
                del self._hosts[name]
