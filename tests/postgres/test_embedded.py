"""The built-in server: started by the first process, shared, gone after the last one."""

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.db import embedded, keeper
from app.db.embedded import hold, hold_async
from app.errors import DatabaseUnavailable

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

_ROOT = Path(__file__).parents[2]
_PATHS = {"PYTHONPATH": os.pathsep.join([str(_ROOT), *sys.path]), "PATH": os.environ["PATH"]}
_AS_ROOT = os.geteuid() == 0
_HOLD_UNTIL_TOLD = """
import sys
from pathlib import Path
from app.db.embedded import hold
with hold(Path(sys.argv[1]), durable=False) as held:
    print(held.dsn, flush=True)
    sys.stdin.readline()
"""
_FORK_AND_RELEASE = """
import os, sys
from pathlib import Path
from app.db.embedded import hold
held = hold(Path(sys.argv[1]), durable=False)
if os.fork():
    held.release()
    print("released", flush=True)
sys.stdin.read()
"""
_HOLD_AGAIN_AND_AGAIN = """
import sys, time
from pathlib import Path
from app.db.embedded import hold
from tests.postgres.test_embedded import _ask
for turn in range(10):
    with hold(Path(sys.argv[1]), durable=False) as held:
        print(_ask(held.dsn, "SELECT 1"), flush=True)
    time.sleep(turn * 0.037 % 0.25)
"""


class Box:
    """A data folder, what runs in it, and every process of it that a test has seen."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.folder = data_dir / "postgres"
        self.seen: set[int] = set()
        self.processes: list[subprocess.Popen[str]] = []

    @property
    def server(self) -> int:
        """The pid of the running server; the keeper is its parent."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        self.seen |= {pid, _parent(pid)}
        return pid

    @property
    def keeper(self) -> int:
        return _parent(self.server)

    @property
    def log(self) -> str:
        return (self.folder / "postgres.log").read_text()

    def process(
        self, script: str, *, python: str = sys.executable, **options: Any
    ) -> "subprocess.Popen[str]":
        """Start a Python process that works on this folder; closing its stdin ends it."""
        command = [python, "-c", script, str(self.data_dir)]
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            command, env=_PATHS, stdin=pipe, stdout=pipe, text=True, **options
        )
        self.processes.append(process)
        return process

    def start_and_stop(self) -> str:
        """One life of a server, to its end; the address it had."""
        with hold(self.data_dir, durable=False) as held:
            assert self.server
        _wait(self.is_empty)
        return held.dsn

    def close(self) -> None:
        """End what a failed test left, and see that nothing else is left; spare the disk."""
        for process in self.processes:
            process.kill()
            process.communicate()
        _wait(self.is_empty)
        shutil.rmtree(self.folder / "data", ignore_errors=True)

    def is_empty(self) -> bool:
        """No process that was seen runs, and a server would not be found here."""
        return not any(map(_runs, self.seen)) and not (self.folder / "data/postmaster.pid").exists()


@pytest.fixture
def fresh_box(tmp_path: Path) -> Iterator[Box]:
    """An empty folder."""
    box = Box(tmp_path)
    yield box
    box.close()


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose server has run and stopped; copied, it saves an initdb."""
    box = Box(tmp_path_factory.mktemp("lived"))
    box.start_and_stop()
    (box.folder / keeper.LOG).unlink()
    return box.folder


@pytest.fixture
def box(fresh_box: Box, lived: Path) -> Box:
    """A folder in which a server has run before."""
    subprocess.run(["cp", "-a", lived, fresh_box.folder], check=True)
    return fresh_box


def test_the_database_is_unicode_durable_and_private(fresh_box: Box) -> None:
    with hold(fresh_box.data_dir) as held:
        settings = _ask(
            held.dsn,
            "SELECT pg_encoding_to_char(encoding) || ' ' || lower('ÄÖ') || ' '"
            " || current_setting('fsync') || ' ' || current_setting('listen_addresses') || ' '"
            " || current_setting('unix_socket_directories') || ' ' || current_user"
            " FROM pg_database WHERE datname = 'sluice'",
        )
        with pytest.raises(asyncpg.InvalidPasswordError):
            _ask(held.dsn.replace((fresh_box.folder / "password").read_text(), "wrong"), "SELECT 1")
        server = fresh_box.server

    assert settings == "UTF8 äö on 127.0.0.1  sluice"
    assert stat.S_IMODE((fresh_box.folder / "password").stat().st_mode) == 0o600
    _wait(lambda: not _runs(server))
    assert fresh_box.log.rstrip().endswith("database system is shut down")


def test_processes_that_come_at_once_share_one_server_until_the_last_has_gone(
    fresh_box: Box,
) -> None:
    processes = [fresh_box.process(_HOLD_UNTIL_TOLD) for _ in range(4)]
    addresses = {_line(process) for process in processes}
    server = fresh_box.server

    for process in processes[:3]:
        process.communicate("end\n")
    shared = _ask(next(iter(addresses)), "SELECT 1")
    processes[3].communicate("end\n")

    assert len(addresses) == 1
    assert shared == 1
    assert fresh_box.log.count("LOG:  starting PostgreSQL") == 1
    _wait(lambda: not _runs(server))
    assert fresh_box.log.rstrip().endswith("database system is shut down")


def test_a_killed_holder_counts_as_gone(box: Box) -> None:
    process = box.process(_HOLD_UNTIL_TOLD)
    _line(process)
    server = box.server

    process.kill()
    process.communicate()

    _wait(lambda: not _runs(server))
    assert box.log.rstrip().endswith("database system is shut down")


def test_a_killed_keeper_takes_its_server_along_and_the_next_hold_brings_it_back(
    box: Box,
) -> None:
    with hold(box.data_dir, durable=False) as held:
        _ask(held.dsn, "CREATE TABLE kept AS SELECT 7 AS n")
        server = box.server

        os.kill(box.keeper, signal.SIGKILL)
        _wait(lambda: not _runs(server))

        with hold(box.data_dir, durable=False) as again:
            assert again.dsn == held.dsn
            assert box.server != server
            assert _ask(again.dsn, "SELECT n FROM kept") == 7


def test_a_killed_server_is_started_again_on_its_port(box: Box) -> None:
    with hold(box.data_dir, durable=False) as held:
        server, keeper = box.server, box.keeper

        os.kill(server, signal.SIGKILL)
        _wait(lambda: not _runs(server))

        with hold(box.data_dir, durable=False) as again:
            assert again.dsn == held.dsn
            assert box.server != server
            assert box.keeper == keeper


def test_a_keeper_that_is_told_to_end_stops_its_server_cleanly(box: Box) -> None:
    with hold(box.data_dir, durable=False):
        server = box.server

        os.kill(box.keeper, signal.SIGTERM)

        _wait(lambda: not _runs(server))
        assert box.log.rstrip().endswith("database system is shut down")


def test_a_hold_taken_while_another_process_lets_go_always_finds_a_server(box: Box) -> None:
    other = box.process(_HOLD_AGAIN_AND_AGAIN)
    answers = []
    for turn in range(10):
        with hold(box.data_dir, durable=False) as held:
            answers.append(_ask(held.dsn, "SELECT 1"))
        time.sleep(turn * 0.023 % 0.25)

    output, _ = other.communicate()

    assert answers == [1] * 10
    assert output.split() == ["1"] * 10


def test_data_outlive_the_server_below_a_long_path_with_spaces(tmp_path: Path) -> None:
    box = Box(tmp_path / "with a space" / ("long " * 40) / ("longer " * 30))
    with hold(box.data_dir, durable=False) as held:
        _ask(held.dsn, "CREATE TABLE kept AS SELECT 7 AS n")
        server = box.server
    _wait(lambda: not _runs(server))

    with hold(box.data_dir, durable=False) as held:
        kept = _ask(held.dsn, "SELECT n FROM kept")

    assert kept == 7
    box.close()


def test_two_folders_are_two_servers(box: Box, tmp_path: Path) -> None:
    other = Box(tmp_path / "other")
    with hold(box.data_dir, durable=False), hold(other.data_dir, durable=False) as second:
        assert box.server != other.server
        assert _ask(second.dsn, "SELECT current_setting('fsync')") == "off"

    other.close()


def test_a_database_of_any_name_is_created_once(box: Box) -> None:
    name = 'tést "1"/2'
    with hold(box.data_dir, name, durable=False), hold(box.data_dir, name) as held:
        assert _ask(held.dsn, "SELECT current_database()") == name


def test_a_server_whose_port_was_taken_meanwhile_gets_another(box: Box) -> None:
    before = box.start_and_stop()
    port = int((box.folder / "address").read_text())

    with socket.create_server(("127.0.0.1", port)), hold(box.data_dir, durable=False) as again:
        answer = _ask(again.dsn, "SELECT 1")

    assert answer == 1
    assert again.dsn != before


def test_a_stale_pid_file_that_names_a_living_process_is_no_obstacle(box: Box) -> None:
    box.start_and_stop()
    data = box.folder / "data"
    other = subprocess.Popen(["/bin/sleep", "60"], user=data.stat().st_uid)
    lines = [str(other.pid), str(data), "1", "5432", "", "127.0.0.1", "  1  1", "ready"]
    (data / "postmaster.pid").write_text("\n".join(lines))

    with hold(box.data_dir, durable=False) as held:
        assert _ask(held.dsn, "SELECT 1") == 1
        assert box.server != other.pid

    assert other.poll() is None
    other.kill()
    other.wait()


def test_what_a_killed_initdb_left_is_no_obstacle(fresh_box: Box) -> None:
    half = fresh_box.folder / "data.new" / "base"
    half.mkdir(parents=True)

    with hold(fresh_box.data_dir, durable=False) as held:
        assert _ask(held.dsn, "SELECT 1") == 1
        assert fresh_box.server

    assert not half.exists()


def test_a_forked_child_does_not_inherit_the_hold(box: Box) -> None:
    parent = box.process(_FORK_AND_RELEASE)

    released = _line(parent)

    assert released == "released"
    _wait(lambda: "database system is shut down" in box.log)
    parent.communicate()


async def test_a_cancelled_hold_is_released_when_it_comes(fresh_box: Box) -> None:
    holding = asyncio.create_task(hold_async(fresh_box.data_dir, durable=False))
    await asyncio.to_thread(_wait, (fresh_box.folder / "data.new").exists)

    holding.cancel()

    with pytest.raises(asyncio.CancelledError):
        await holding
    await asyncio.to_thread(_wait, lambda: "database system is shut down" in fresh_box.log)
    with await hold_async(fresh_box.data_dir, durable=False) as held:
        assert await _fetch(held.dsn, "SELECT 1") == 1
        assert fresh_box.server


@pytest.mark.skipif(not _AS_ROOT, reason="only root's server changes its account")
def test_root_s_server_is_not_root_and_no_mode_of_a_parent_changes(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    box = Box(tmp_path / "made" / "data")
    before = _modes(box.data_dir)

    with hold(box.data_dir, durable=False) as held:
        answer = _ask(held.dsn, "SELECT 1")
        status = _status(box.server)

    assert answer == 1
    assert "0" not in status["Uid"].split()
    assert int(status["CapEff"], 16).bit_count() == 1
    assert (box.folder / "data").stat().st_uid == int(status["Uid"].split()[0])
    assert _modes(box.data_dir)[-len(before) :] == before
    box.close()


@pytest.mark.skipif(not _AS_ROOT, reason="only root's server changes its account")
def test_root_s_server_keeps_no_capability_where_it_needs_none(open_folder: Path) -> None:
    binaries = embedded._find_binaries(open_folder).folder
    if not embedded._can_pass(embedded._nobody(), binaries):
        pytest.skip(f"the binaries lie in a private folder: {binaries}")
    box = Box(open_folder)

    with hold(box.data_dir, durable=False):
        status = _status(box.server)

    assert int(status["CapEff"], 16) == 0
    box.close()


@pytest.mark.skipif(not _AS_ROOT, reason="every other test runs as an ordinary user already")
def test_an_ordinary_user_has_a_server_of_his_own(open_folder: Path) -> None:
    account = embedded._nobody()
    os.chown(open_folder, account.uid, account.gid)
    box = Box(open_folder)
    as_user: dict[str, Any] = {"user": account.uid, "group": account.gid, "extra_groups": []}
    process = box.process(_HOLD_UNTIL_TOLD, python=_python_for(account), **as_user)

    answer = _ask(_line(process), "SELECT 1")
    status = _status(box.server)
    box.close()

    assert answer == 1
    assert status["Uid"].split() == [str(account.uid)] * 4
    assert int(status["CapEff"], 16) == 0
    assert stat.S_IMODE(box.folder.stat().st_mode) == 0o700


def test_without_the_wheel_the_system_s_binaries_serve(
    fresh_box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "_wheel_folders", list)
    found = [usable for usable in map(embedded._inspect, embedded._system_folders()) if usable]
    if not found:
        pytest.skip("no system Postgres of version 15 or later")

    with hold(fresh_box.data_dir, durable=False) as held:
        version = _ask(held.dsn, "SELECT current_setting('server_version_num')::int / 10000")
        assert fresh_box.server

    assert version == found[0].major


def test_without_any_binaries_one_line_says_what_to_install_or_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "_wheel_folders", list)
    monkeypatch.setattr(embedded, "_system_folders", list)

    message = _refusal(tmp_path)

    assert "pip install" in message
    assert "SLUICE_DATABASE_URL" in message


def test_data_of_another_major_version_are_refused_and_both_are_named(tmp_path: Path) -> None:
    data = tmp_path / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9\n")

    message = _refusal(tmp_path)

    assert "Postgres 9," in message
    assert f"Postgres {embedded._find_binaries(tmp_path).major}:" in message


def test_data_without_their_password_are_refused(box: Box) -> None:
    box.start_and_stop()
    (box.folder / "password").unlink()

    assert "password" in _refusal(box.data_dir)


def test_a_failing_initdb_is_told_in_one_line_and_leaves_no_process(
    fresh_box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "bin"
    fake.mkdir()
    for name, text in (("postgres", "echo 'postgres (PostgreSQL) 18.0'"), ("initdb", _FAIL)):
        (fake / name).write_text(f"#!/bin/sh\n{text}\n")
        (fake / name).chmod(0o755)
    monkeypatch.setattr(embedded, "_wheel_folders", lambda: [fake])

    message = _refusal(fresh_box.data_dir)

    assert "initdb: error: no space for this" in message
    assert not (fresh_box.folder / "data").exists()


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert "SLUICE_DATA_DIR" in _refusal(tmp_path / "file" / "below")


_FAIL = "echo 'initdb: error: no space for this' >&2; exit 1"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account can reach, as pytest's own is not."""
    folder = Path(tempfile.mkdtemp(prefix="sluice-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def _refusal(data_dir: Path) -> str:
    """The one line with which a hold is refused."""
    with pytest.raises(DatabaseUnavailable) as refused:
        hold(data_dir, durable=False, within=20)
    message = str(refused.value)
    assert "\n" not in message
    return message


def _modes(folder: Path) -> list[tuple[int, int, int]]:
    """Mode and owner of every parent that exists, the nearest first."""
    found = [parent.stat() for parent in folder.parents if parent.exists()]
    return [(each.st_mode, each.st_uid, each.st_gid) for each in found]


def _ask(dsn: str, sql: str) -> Any:
    return asyncio.run(_fetch(dsn, sql))


async def _fetch(dsn: str, sql: str) -> Any:
    connection = await asyncpg.connect(dsn)
    try:
        if sql.startswith("SELECT"):
            return await connection.fetchval(sql)
        return await connection.execute(sql)
    finally:
        await connection.close()


def _line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _wait(condition: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        time.sleep(0.01)


def _status(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _parent(pid: int) -> int:
    return int(_status(pid)["PPid"])


def _runs(pid: int) -> bool:
    """A zombie has ended; only nobody has asked for its exit code yet."""
    try:
        return not _status(pid)["State"].startswith(("Z", "X"))
    except (FileNotFoundError, ProcessLookupError):
        return False


def _python_for(account: keeper.Account) -> str:
    """An interpreter of this version that the account may run, with what the tests need."""
    probe = "import sys, asyncpg, app.db.embedded; print(sys.version_info[:2])"
    for python in (sys.executable, "/usr/bin/python3"):
        options: dict[str, Any] = {"user": account.uid, "extra_groups": [], "env": _PATHS}
        with contextlib.suppress(OSError):
            answer = subprocess.run(
                [python, "-c", probe], capture_output=True, text=True, check=False, **options
            )
            if answer.stdout.strip() == str(sys.version_info[:2]):
                return python
    pytest.skip("no Python of this version that an ordinary user may run with these packages")
