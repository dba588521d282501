"""Worker processes: their settings, their restarts, their end."""

import os
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from app.cli.workers import choose_groups
from app.errors import ConfigError, InputError, SluiceError
from app.fleet import HEALTHY, RESTARTS_MAX, Fleet, environment, fleet_groups
from app.settings import Settings, load_settings
from tests.factories import NOW
from tests.postgres.conftest import graph_with, nothing


def test_every_process_serves_every_stage_so_that_any_survivor_finishes_the_run() -> None:
    graph = graph_with(nothing)

    groups = fleet_groups(graph)

    assert 2 <= len(groups) <= 4
    assert set(groups) == {("intake", "discovery", "company_research", "export")}


def test_settings_from_flags_reach_a_child_over_its_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SLUICE_LEASE", "7")
    given = load_settings(
        {
            "database_url": "postgresql://u:secret@db.example/x",
            "data_dir": "data",
            "lease": 3.5,
            "allow_addresses": ("127.0.0.1:80", "127.0.0.2"),
        }
    )

    child = environment(given, os.environ)

    for name in [name for name in os.environ if name.startswith("SLUICE_")]:
        monkeypatch.delenv(name)
    for name, value in child.items():
        monkeypatch.setenv(name, value)
    assert load_settings() == given.model_copy(update={"data_dir": tmp_path / "data"})


def test_a_setting_that_nobody_set_stays_out_of_the_environment() -> None:
    child = environment(Settings(), {"SLUICE_LEASE": "7", "HOME": "/root"})

    assert "SLUICE_LEASE" not in child
    assert child["HOME"] == "/root"


class _Hands:
    """A clock whose time passes when a test says so."""

    def __init__(self) -> None:
        self.time = 0.0

    def monotonic(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += seconds

    def now(self) -> datetime:
        return NOW


class _Ending(Fleet):
    """A fleet whose processes write a line and end at once, with the exit code in their name."""

    def _command(self, stages: tuple[str, ...]) -> list[str]:
        code = stages[0]
        return [sys.executable, "-c", f"print('no database'); raise SystemExit({code})"]

    def wait(self) -> None:
        """Until its processes have ended."""
        for child in self.living:
            child.wait(20)


@pytest.fixture
def clock() -> _Hands:
    return _Hands()


@pytest.fixture
def detached(tmp_path: Path, clock: _Hands) -> Iterator[_Ending]:
    fleet = _Ending(Settings(data_dir=tmp_path), clock)
    yield fleet
    fleet.wait()


@pytest.fixture
def attached(tmp_path: Path, clock: _Hands) -> Iterator[_Ending]:
    fleet = _Ending(Settings(data_dir=tmp_path), clock, attached=True)
    yield fleet
    fleet.wait()


def _deaths(fleet: _Ending, clock: _Hands, times: int, lives: float = 0.0) -> list[float]:
    """The pauses after so many deaths of the one process of a fleet."""
    pauses = []
    for _ in range(times):
        fleet.wait()
        clock.time += lives
        [said] = fleet.tend()
        pauses.append(float(said.partition(": again in ")[2].split()[0]))
        assert fleet.tend() == []
        clock.time += pauses[-1]
        fleet.tend()
    return pauses


def test_a_process_that_dies_is_started_again_after_a_pause_that_grows(
    attached: _Ending, clock: _Hands
) -> None:
    attached.start([("1",)])

    pauses = _deaths(attached, clock, 9)

    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


def test_the_pause_is_short_again_after_a_while_of_health(attached: _Ending, clock: _Hands) -> None:
    attached.start([("1",)])
    _deaths(attached, clock, 3)

    pauses = _deaths(attached, clock, 2, lives=HEALTHY + 1)

    assert pauses == [0.5, 0.5]


def test_a_detached_process_that_keeps_dying_is_given_up_with_its_log(
    detached: _Ending, clock: _Hands, tmp_path: Path
) -> None:
    detached.start([("5",)])
    _deaths(detached, clock, RESTARTS_MAX)
    detached.wait()

    with pytest.raises(SluiceError) as caught:
        detached.tend()

    log = tmp_path / "logs" / "worker-1.log"
    assert str(caught.value).partition(" ended ")[2] == (
        f"with exit code 5, 6 times in a row; {log} ends: {' | '.join(['no database'] * 5)}"
    )
    assert log.read_text() == "no database\n" * 6


@pytest.mark.parametrize("kind", ["attached", "detached"])
def test_a_worker_with_a_wrong_setting_is_not_started_again(
    kind: str, request: pytest.FixtureRequest
) -> None:
    fleet: _Ending = request.getfixturevalue(kind)
    fleet.start([("2",)])
    fleet.wait()

    with pytest.raises(
        ConfigError, match=r"worker pid \d+ ended with exit code 2: it would end so again"
    ):
        fleet.tend()


def test_who_ends_as_asked_is_missed_by_the_fleet_that_stays_alone(
    attached: _Ending, detached: _Ending
) -> None:
    said = []
    for fleet in (attached, detached):
        fleet.start([("0",)])
        fleet.wait()
        said += fleet.tend()

    assert [sentence.partition(" ended ")[2] for sentence in said] == [
        "with exit code 0: again in 0.5 s",
        "as asked",
    ]
    assert detached.groups == []


def test_a_long_log_is_set_aside(detached: _Ending, tmp_path: Path) -> None:
    log = tmp_path / "logs" / "worker-1.log"
    log.parent.mkdir()
    with log.open("wb") as file:
        file.truncate(11 * 1024 * 1024)

    detached.start([("1",)])
    detached.wait()

    assert log.read_text() == "no database\n"
    assert log.with_suffix(".log.1").exists()


def test_the_groups_of_a_fleet_are_what_was_asked_for() -> None:
    graph = graph_with(nothing)
    every = tuple(stage.name for stage in graph)

    assert choose_groups(graph, None, []) == fleet_groups(graph)
    assert choose_groups(graph, 3, []) == [every] * 3
    assert choose_groups(graph, 1, ["4=2", "discovery,export"]) == [
        every,
        ("company_research",),
        ("company_research",),
        ("discovery", "export"),
    ]


@pytest.mark.parametrize(
    ("workers", "stages", "reason"),
    [
        (None, ["discovry=2"], "did you mean 'discovery'"),
        (None, ["discovery=two"], "a number from 1 to 100"),
        (None, ["discovery=0"], "a number from 1 to 100"),
        (0, [], "a fleet of no processes"),
    ],
)
def test_a_fleet_that_cannot_be_is_refused(
    workers: int | None, stages: list[str], reason: str
) -> None:
    with pytest.raises(InputError, match=reason):
        choose_groups(graph_with(nothing), workers, stages)
