"""Reviewers: a plan -> a vote. A reviewer is one file here that exports `REVIEWER`.

PASS: go on. RETRY: the planner mends what is named and asks again, three times at most, then goes
on with a warning. FAIL: the run stops and waits for a person; only for what makes it pointless.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from app.pipeline.plan import Deficiency, Known, Plan
from app.records.run import RunRequest

Answer = Literal["PASS", "RETRY", "FAIL"]


@dataclass(frozen=True, slots=True)
class Vote:
    """`confidence`: how sure the reviewer is, 0 to 1. A vote that is no PASS names deficiencies."""

    answer: Answer
    confidence: float
    deficiencies: tuple[Deficiency, ...] = ()


Reviewer = Callable[[Plan, RunRequest, Known], Vote]
"""What a file exports as REVIEWER; pure."""
