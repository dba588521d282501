"""The one shape of every background loop: repeat a step, outlive the database, die loudly."""

import asyncio
import faulthandler
from collections.abc import Awaitable, Callable
from contextlib import suppress

from app.db.pool import OUTAGE
from app.log import get_log

_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 2.0
_TOLERATED = 5
_STDERR = 2


class Health:
    """Whether the database answers; says so once when that changes, not once per loop."""

    def __init__(self, recover: Callable[[BaseException], Awaitable[None]]) -> None:
        self._recover = recover
        self._down: set[str] = set()
        self._log = get_log("database")

    async def lost(self, loop: str, error: BaseException) -> None:
        """A loop met an outage; what can be done about it is done."""
        if not self._down:
            why = str(error) or type(error).__name__
            self._log.warning("database_unavailable", error=why, action="retrying")
        self._down.add(loop)
        try:
            await self._recover(error)
        except Exception as failed:
            self._log.debug("recovery_failed", error=str(failed))

    def found(self, loop: str) -> None:
        """A loop's step went through."""
        if loop in self._down:
            self._down.discard(loop)
            if not self._down:
                self._log.info("database_back")


async def end_when_stuck(every: float, limit: float = 60.0) -> None:
    """End the process, with every thread's traceback and exit code 1, when its event loop has not
    run for `limit` seconds. Whatever holds it up (a page that a parser cannot get through) counts
    as a lost process then, and is found out. Needs neither the loop nor the interpreter's lock."""
    try:
        while True:
            faulthandler.dump_traceback_later(limit, exit=True, file=_STDERR)
            await asyncio.sleep(every)
    finally:
        faulthandler.cancel_dump_traceback_later()


async def repeat(
    name: str,
    step: Callable[[], Awaitable[object]],
    health: Health,
    *,
    every: float = 0.0,
    wake: asyncio.Event | None = None,
) -> None:
    """Run `step` again and again, `every` seconds apart or when `wake` is set.

    An outage pauses with growing waits, none above `every`, for as long as it takes. Any other
    error is logged with its traceback; five in a row end the loop with it, so that the process ends
    non-zero.
    """
    pause, failures = _FIRST_PAUSE, 0
    log = get_log(name)
    while True:
        try:
            await step()
            health.found(name)
            pause, failures = _FIRST_PAUSE, 0
        except OUTAGE as error:
            await health.lost(name, error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, every or _LONGEST_PAUSE, _LONGEST_PAUSE)
            continue
        except Exception:
            failures += 1
            log.exception("loop_failed", times=failures)
            if failures >= _TOLERATED:
                raise
        await _wait(every, wake)


async def _wait(every: float, wake: asyncio.Event | None) -> None:
    if wake is None:
        await asyncio.sleep(every)
        return
    with suppress(TimeoutError):
        await asyncio.wait_for(wake.wait(), every)
    wake.clear()
