"""Progress on stderr: bars on a terminal, JSON lines otherwise."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.cli.console import Console
from app.clock import Clock, SystemClock

if TYPE_CHECKING:
    from app.progress import Progress, StageProgress
    from app.watch import Viewer

_APART = 0.5
"""Seconds between two sets of lines."""


@contextmanager
def open_view(console: Console) -> Iterator["Viewer"]:
    """The view that fits where stderr goes."""
    if console.on_terminal and os.environ.get("TERM") != "dumb":
        from app.cli.bars import Bars

        with Bars(SystemClock()) as bars:
            yield bars
    else:
        yield Lines(console, SystemClock())


class Plain:
    """Sentences only."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def show(self, progress: "Progress") -> None:
        """Nothing."""

    def say(self, text: str) -> None:
        """One sentence."""
        self._console.say(text)


class Lines(Plain):
    """One JSON line for each stage that changed, at most twice a second; the last look in full."""

    def __init__(self, console: Console, clock: Clock) -> None:
        super().__init__(console)
        self._clock = clock
        self._shown: dict[str, StageProgress] = {}
        self._at = float("-inf")

    def show(self, progress: "Progress") -> None:
        """What changed since the lines before."""
        now = self._clock.monotonic()
        active = progress.run.status == "active"
        if active and now - self._at < _APART:
            return
        for stage in progress.stages:
            seen = replace(stage, seconds=None)  # time alone is no change
            if seen != self._shown.get(stage.stage):
                self._shown[stage.stage] = seen
                self._console.line(json.dumps(stage_line(progress, stage)))
                self._at = now
        if not active:
            self._console.line(json.dumps(run_line(progress)))


def stage_line(progress: "Progress", stage: "StageProgress") -> dict[str, Any]:
    """One stage at one moment."""
    return {
        "event": "progress",
        "run": str(progress.run.id),
        "stage": stage.stage,
        "status": stage.status,
        "error": stage.error,
        "done": stage.done,
        "skipped": stage.skipped,
        "failed": stage.failed,
        "total": stage.total,
        "ready": progress.companies.ready,
        "asked": progress.companies.asked,
        "contacts": progress.contacts.ready,
    }


def run_line(progress: "Progress") -> dict[str, Any]:
    """The run when it is not active any more."""
    return {
        "event": "run",
        "run": str(progress.run.id),
        "stage": progress.run.stage,
        "status": progress.run.status,
        "ready": progress.companies.ready,
        "asked": progress.companies.asked,
        "contacts": progress.contacts.ready,
        "seconds": round(progress.seconds, 1),
    }
