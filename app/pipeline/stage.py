"""The contract of a stage: one file in `workers/` that exports `STAGE`."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from app.pipeline.outcomes import Outcome
from app.records.company import Company
from app.records.run import Run

Unit = Literal["run", "company", "message"]


@dataclass(frozen=True, slots=True)
class Work:
    """What a handler gets: an item, its run, and its company where the stage works on companies.

    `input` is what the item was created with, for example where a discovery batch begins. `fence`
    is that of the lease under which it is done.
    """

    item_id: int
    stage: str
    attempt: int
    run: Run
    company: Company | None = None
    batch: int = 0
    input: Mapping[str, Any] = field(default_factory=dict)
    fence: int = 0


Handler = Callable[[Work, Any], Awaitable[Outcome]]
"""`async def handle(work, tools) -> Outcome`. `tools` is app.tools.Tools."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A node of the stage graph.

    `chunk`: how many items one job carries; small where an item is long, so that workers share.
    `timeout`: seconds until a handler is cut off. `batches`: the stage stays open and is given
    another item while the target is not met (discovery). A stage that is not `critical` degrades
    the run when it fails, and never ends it. A stage that is `off` is declared and does not run: a
    new run has it as skipped, and nothing waits for it. `reads`: what decides its outcome besides
    the records of the run (app/pipeline/reads.py); when that changes, the stage is done again.
    """

    name: str
    number: int
    unit: Unit
    needs: tuple[str, ...]
    handle: Handler
    summary: str
    chunk: int = 100
    timeout: float = 120.0
    batches: bool = False
    critical: bool = True
    off: bool = False
    reads: tuple[str, ...] = ()
