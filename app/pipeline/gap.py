"""How many companies discovery brings at once, so that enough of them pass."""

import math
from typing import Any

from app.pipeline.stage import Stage
from app.records.run import Run

SPARE = 1.2
"""Discovery brings a fifth more than is asked for, because research rejects some."""
LEAST_YIELD = 0.2
"""A batch is never sized by a yield below this: at most about six times the gap at once."""
BATCH = 2000
"""Companies that one batch brings at most, so that memory does not grow with the target."""


def batch_size(missing: int, counts: Any) -> int:
    """How many companies to discover so that `missing` more pass, by the yield so far."""
    tried = counts["found"] - counts["open"]
    seen_yield = counts["ready"] / tried if tried else 1 / SPARE
    return min(math.ceil(missing * SPARE / max(seen_yield, LEAST_YIELD)) + 2, BATCH)


def first_batch(quantity: int) -> int:
    """How many companies to discover at first for so many asked."""
    return min(math.ceil(quantity * SPARE) + 2, BATCH)


def first_input(run: Run, stage: Stage) -> dict[str, Any]:
    """What the first item of a stage that works on the whole run is created with."""
    if not stage.batches:
        return {}
    return {"cursor": None, "size": first_batch(run.request.target_quantity)}
