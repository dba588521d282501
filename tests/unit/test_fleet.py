"""Worker processes: their settings, their restarts, their end."""

import os
import sys
from pathlib import Path

import pytest

from app.errors import SluiceError
from app.fleet import RESTARTS_MAX, Fleet, environment, fleet_groups
from app.settings import Settings, load_settings
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


class _Ending(Fleet):
    """A fleet whose processes write a line and end at once, with the exit code in their name."""

    def _command(self, stages: tuple[str, ...]) -> list[str]:
        code = {"export": 5, "intake": 2}[stages[0]]
        return [sys.executable, "-c", f"print('no database'); raise SystemExit({code})"]


@pytest.fixture
def fleet(tmp_path: Path) -> Fleet:
    return _Ending(Settings(data_dir=tmp_path))


def _wait(fleet: Fleet) -> None:
    for process in fleet._processes:
        process.child.wait(20)


def test_a_dead_worker_is_started_again_three_times_and_then_given_up_with_its_log(
    fleet: Fleet, tmp_path: Path
) -> None:
    fleet.start([("export",)])
    said = []
    for _ in range(RESTARTS_MAX):
        _wait(fleet)
        said += fleet.tend()
    _wait(fleet)

    with pytest.raises(SluiceError) as caught:
        fleet.tend()

    log = tmp_path / "logs" / "worker-1.log"
    assert [sentence.rpartition("; ")[0] for sentence in said] == [
        f"the worker for export ended with exit code 5: started again ({n} of 3)" for n in (1, 2, 3)
    ]
    assert str(caught.value) == (
        f"the worker for export ended with exit code 5 4 time(s); {log} ends:"
        " no database | no database | no database | no database"
    )
    assert log.read_text() == "no database\n" * 4


def test_a_worker_with_a_wrong_setting_is_not_started_again(fleet: Fleet) -> None:
    fleet.start([("intake",)])
    _wait(fleet)

    with pytest.raises(SluiceError, match=r"exit code 2 1 time\(s\)"):
        fleet.tend()


def test_a_long_log_is_set_aside(fleet: Fleet, tmp_path: Path) -> None:
    log = tmp_path / "logs" / "worker-1.log"
    log.parent.mkdir()
    with log.open("wb") as file:
        file.truncate(11 * 1024 * 1024)

    fleet.start([("export",)])
    _wait(fleet)

    assert log.read_text() == "no database\n"
    assert log.with_suffix(".log.1").exists()
