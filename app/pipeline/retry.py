"""Which errors are worth another try of the item, and when.

Waits grow as base * 2**(attempt - 1), capped, each multiplied by a random factor of 0.5 to 1.5
("equal jitter"), so that items that failed together do not return together.
"""

import random
from dataclasses import dataclass

from app.errors import RequestError, SluiceError, Unreachable
from app.pipeline.outcomes import Fail


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """`attempts` tries in all; waits in seconds."""

    attempts: int = 4
    base: float = 4.0
    cap: float = 300.0

    def delay(self, attempt: int, fail: Fail, chance: random.Random) -> float | None:
        """Seconds until the next try after the failed try number `attempt`; None to give up."""
        if not fail.temporary or attempt >= self.attempts:
            return None
        growth: float = self.base * 2 ** min(attempt - 1, 30)
        wait = min(growth, self.cap) * chance.uniform(0.5, 1.5)
        return max(wait, min(fail.retry_after or 0.0, self.cap))


def failure_of(error: BaseException) -> Fail:
    """What an error that left a handler means for its item."""
    match error:
        case Unreachable():
            return Fail(error.cause, str(error), retry_after=error.retry_after)
        case RequestError():
            return Fail(error.cause, str(error), temporary=False)
        case SluiceError():
            return Fail(type(error).__name__, str(error), temporary=False)
        case TimeoutError():
            return Fail("timeout", "took longer than its stage allows")
        case OSError():
            return Fail("io_error", f"{type(error).__name__}: {error}")
        case _:
            return Fail("unexpected_error", f"{type(error).__name__}: {error}")
