"""Bars on a terminal: one per stage with done, failed, total, rate and time left."""

from types import TracebackType
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from app.clock import Clock

if TYPE_CHECKING:
    from app.progress import Progress, StageProgress

_WIDTH = 24
_STYLES = {"complete": "green", "failed": "red", "running": "cyan"}


class Bars:
    """A live picture of one run on stderr."""

    def __init__(self, clock: Clock, console: Console | None = None) -> None:
        self._clock = clock
        self._progress: Progress | None = None
        self._at = 0.0
        self._live = Live(
            console=console or Console(stderr=True),
            refresh_per_second=4,
            get_renderable=self._render,
            redirect_stdout=False,
        )

    def __enter__(self) -> "Bars":
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._live.stop()

    def show(self, progress: "Progress") -> None:
        """The run as it is now."""
        self._progress, self._at = progress, self._clock.monotonic()
        if progress.run.status != "active":
            self._live.refresh()

    def say(self, text: str) -> None:
        """One sentence above the bars."""
        self._live.console.print(text, markup=False, highlight=False)

    def _render(self) -> Group:
        progress = self._progress
        if progress is None:
            return Group(Text("waiting for the first look"))
        since = self._clock.monotonic() - self._at if progress.run.status == "active" else 0
        head = (
            f"run {progress.run.short_id} {progress.run.status}: {progress.companies.ready} ready,"
            f" {progress.companies.asked} asked, {progress.contacts.ready} contacts,"
            f" {clock_time(progress.seconds + since)}"
        )
        return Group(Text(head), self._table(progress))

    def _table(self, progress: "Progress") -> Table:
        table = Table.grid(padding=(0, 2, 0, 0))
        for stage in progress.stages:
            table.add_row(
                Text(stage.stage, style=_STYLES.get(stage.status, "dim")),
                ProgressBar(
                    total=max(stage.total, 1),
                    completed=stage.settled,
                    width=_WIDTH,
                    complete_style="cyan",
                    finished_style="green",
                    pulse=stage.status == "running" and stage.total == 0,
                ),
                Text(tally(stage)),
                Text(pace(stage)),
            )
        return table


def tally(stage: "StageProgress") -> str:
    """How many items are done, skipped and failed, of how many."""
    if stage.error:
        return stage.error
    return f"{stage.done} done, {stage.skipped} skipped, {stage.failed} failed of {stage.total}"


def pace(stage: "StageProgress") -> str:
    """Items per second and the time left at that rate; empty before there is a rate."""
    if not stage.seconds or not stage.settled:
        return ""
    rate = stage.settled / stage.seconds
    if stage.open == 0 or stage.status != "running":
        return f"{rate:.1f}/s"
    return f"{rate:.1f}/s, {clock_time(stage.open / rate)} left"


def clock_time(seconds: float) -> str:
    """1:05, or 2:03:04 from an hour on."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
