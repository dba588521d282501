"""Progress as JSON lines and as bars."""

import io
import json
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console as RichConsole

from app.cli.bars import Bars, clock_time, pace
from app.cli.console import Console, table
from app.cli.view import Lines
from tests.unit.cli.made import a_progress, a_stage_progress


class _Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.time = 0.0

    def monotonic(self) -> float:
        return self.time

    def now(self) -> Any:
        raise NotImplementedError

    async def sleep(self, seconds: float) -> None:
        self.time += seconds


def _lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_stage_that_changed_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    progress = a_progress(a_stage_progress(), a_stage_progress("export", status="pending"))

    Lines(Console(as_json=False), _Clock()).show(progress)

    lines = _lines(capsys)
    assert [line["stage"] for line in lines] == ["company_research", "export"]
    assert lines[0] == {
        "event": "progress",
        "run": str(progress.run.id),
        "stage": "company_research",
        "status": "running",
        "error": None,
        "done": 4,
        "skipped": 0,
        "failed": 0,
        "total": 10,
        "ready": 3,
        "asked": 50,
        "contacts": 7,
    }


def test_lines_come_at_most_twice_a_second_and_only_of_what_changed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock = _Clock()
    lines = Lines(Console(as_json=False), clock)
    progress = a_progress()
    shown = []
    for done, time in [(4, 0.0), (5, 0.1), (6, 0.4), (7, 0.6), (7, 2.0), (8, 2.1)]:
        clock.time = time
        lines.show(replace(progress, stages=(a_stage_progress(done=done),)))
        shown.append([line["done"] for line in _lines(capsys)])

    assert shown == [[4], [], [], [7], [], [8]]


def test_the_last_look_is_shown_whenever_it_comes(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines(Console(as_json=False), _Clock())
    lines.show(a_progress(a_stage_progress()))
    capsys.readouterr()

    lines.show(a_progress(a_stage_progress(done=10, status="complete"), status="completed"))

    assert [line["event"] for line in _lines(capsys)] == ["progress", "run"]


def _bars(width: int, **console: Any) -> str:
    stream = io.StringIO()
    rich = RichConsole(file=stream, width=width, **console)
    with Bars(_Clock(), rich) as bars:
        bars.say("starting [2] workers")
        bars.show(a_progress(a_stage_progress(failed=1), status="completed"))
    return stream.getvalue()


def test_bars_show_done_failed_total_rate_and_time_left() -> None:
    text = _bars(120, force_terminal=True, no_color=True)

    assert "starting [2] workers" in text
    assert "completed: 3 ready, 50 asked, 7 contacts, 1:01" in text
    assert "4 done, 0 skipped, 1 failed of 10" in text
    assert "2.5/s, 0:02 left" in text


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    text = _bars(120, force_terminal=True)

    assert "\x1b[3" not in text


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"seconds": None}, ""),
        ({"done": 0}, ""),
        ({"done": 10, "ready": 0, "running": 0, "status": "complete"}, "5.0/s"),
    ],
)
def test_a_rate_is_shown_once_there_is_one(given: dict[str, Any], shown: str) -> None:
    assert pace(a_stage_progress(**given)) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (65.9, "1:05"), (3599, "59:59"), (7384, "2:03:04")]
)
def test_time_is_shown_as_on_a_clock(seconds: float, shown: str) -> None:
    assert clock_time(seconds) == shown


def test_a_table_is_aligned_without_spaces_at_the_end() -> None:
    text = table([("a", 1), ("long", "")], ("name", "n"))

    assert text == "name  n\na     1\nlong"
