"""What a data folder holds, and what an earlier life left in it."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app.db.embedded import hold
from tests.postgres.embedded.box import Box, ask, runs, wait

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def test_data_outlive_the_server_below_a_long_path_with_spaces(tmp_path: Path) -> None:
    box = Box(tmp_path / "with a space" / ("long " * 40) / ("longer " * 30))
    with hold(box.data_dir, durable=False) as held:
        ask(held.dsn, "CREATE TABLE kept AS SELECT 7 AS n")
        server = box.server
    wait(lambda: not runs(server))

    with hold(box.data_dir, durable=False) as held:
        kept = ask(held.dsn, "SELECT n FROM kept")

    assert kept == 7
    box.close()


def test_two_folders_are_two_servers(box: Box, tmp_path: Path) -> None:
    other = Box(tmp_path / "other")
    with hold(box.data_dir, durable=False), hold(other.data_dir, durable=False) as second:
        assert box.server != other.server
        assert ask(second.dsn, "SELECT current_setting('fsync')") == "off"

    other.close()


def test_a_database_of_any_name_is_created_once(box: Box) -> None:
    name = 'tést "1"/2'
    with hold(box.data_dir, name, durable=False), hold(box.data_dir, name) as held:
        assert ask(held.dsn, "SELECT current_database()") == name


def test_a_server_whose_port_was_taken_meanwhile_gets_another(box: Box) -> None:
    before = box.start_and_stop()
    port = int((box.folder / "address").read_text())

    with socket.create_server(("127.0.0.1", port)), hold(box.data_dir, durable=False) as again:
        answer = ask(again.dsn, "SELECT 1")

    assert answer == 1
    assert again.dsn != before


def test_a_stale_pid_file_that_names_a_living_process_is_no_obstacle(box: Box) -> None:
    box.start_and_stop()
    data = box.folder / "data"
    other = subprocess.Popen(["/bin/sleep", "60"], user=data.stat().st_uid)
    lines = [str(other.pid), str(data), "1", "5432", "", "127.0.0.1", "  1  1", "ready"]
    (data / "postmaster.pid").write_text("\n".join(lines))

    with hold(box.data_dir, durable=False) as held:
        assert ask(held.dsn, "SELECT 1") == 1
        assert box.server != other.pid

    assert other.poll() is None
    other.kill()
    other.wait()


def test_what_a_killed_initdb_left_is_no_obstacle(fresh_box: Box) -> None:
    half = fresh_box.folder / "data.new" / "base"
    half.mkdir(parents=True)

    with hold(fresh_box.data_dir, durable=False) as held:
        assert ask(held.dsn, "SELECT 1") == 1
        assert fresh_box.server

    assert not half.exists()
