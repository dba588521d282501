"""The circuit breaker of a stage: pure rules.

closed --> open --> probing --> closed
            ^          |`-----> given_up   (too many probes failed: the items are tried, and fail)
            `----------'

closed: the stage works. open: none of its items is begun. probing: one is, and tells.
"""

import math
from dataclasses import dataclass, replace
from typing import Literal

State = Literal["closed", "open", "probing", "given_up"]


@dataclass(frozen=True, slots=True)
class BreakerPolicy:
    """Opens when more than `share` of the last `window` attempts failed for one cause (a window of
    0 never opens). Seconds: `wait` before the first probe, doubled after each that failed, `cap` at
    most. After `probes` that failed it gives up."""

    share: float = 0.8
    window: int = 50
    wait: float = 15.0
    cap: float = 120.0
    probes: int = 6

    @property
    def failures(self) -> int:
        """The least number of failures in a window that opens it."""
        return math.floor(self.share * self.window) + 1

    def pause(self, failing: int) -> float:
        """Seconds before the next probe when `failing` have failed."""
        return float(min(self.wait * 2 ** min(failing, 30), self.cap))


@dataclass(frozen=True, slots=True)
class Breaker:
    """`cause`: what the attempts failed for; `failing`: probes that failed since it opened."""

    state: State = "closed"
    cause: str = ""
    failing: int = 0

    def trip(self, cause: str) -> "Breaker":
        """Too many attempts failed."""
        return Breaker("open", cause) if self.state == "closed" else self

    def probe(self) -> "Breaker":
        """The wait is over: one item is begun."""
        return replace(self, state="probing") if self.state == "open" else self

    def learn(self, passed: bool | None, policy: BreakerPolicy) -> "Breaker":
        """What the probe told; None when it ended without telling."""
        if self.state != "probing":
            return self
        if passed:
            return Breaker()
        if passed is None:
            return replace(self, state="open")
        failing = self.failing + 1
        return replace(
            self, state="given_up" if failing >= policy.probes else "open", failing=failing
        )
