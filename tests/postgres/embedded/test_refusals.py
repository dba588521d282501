"""Without binaries, or with data that are not ours, one line says what to do."""

import sys
from pathlib import Path

import pytest

from app.db import binaries
from app.db.embedded import hold
from app.errors import DatabaseUnavailable
from tests.postgres.embedded.box import Box, ask

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
_FAIL = "echo 'initdb: error: no space for this' >&2; exit 1"


def test_without_the_wheel_the_system_s_binaries_serve(
    fresh_box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "wheel_folders", list)
    found = [usable for usable in map(binaries.inspect, binaries.system_folders()) if usable]
    if not found:
        pytest.skip("no system Postgres of version 15 or later")

    with hold(fresh_box.data_dir, durable=False) as held:
        version = ask(held.dsn, "SELECT current_setting('server_version_num')::int / 10000")
        assert fresh_box.server

    assert version == found[0].major


def test_without_any_binaries_one_line_says_what_to_install_or_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "wheel_folders", list)
    monkeypatch.setattr(binaries, "system_folders", list)

    message = _refusal(tmp_path)

    assert "pip install" in message
    assert "SLUICE_DATABASE_URL" in message


def test_data_of_another_major_version_are_refused_and_both_are_named(tmp_path: Path) -> None:
    data = tmp_path / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9\n")

    message = _refusal(tmp_path)

    assert "Postgres 9," in message
    assert f"Postgres {binaries.find(tmp_path).major}:" in message


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
    monkeypatch.setattr(binaries, "wheel_folders", lambda: [fake])

    message = _refusal(fresh_box.data_dir)

    assert "initdb: error: no space for this" in message
    assert not (fresh_box.folder / "data").exists()


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert "SLUICE_DATA_DIR" in _refusal(tmp_path / "file" / "below")


def _refusal(data_dir: Path) -> str:
    """The one line with which a hold is refused."""
    with pytest.raises(DatabaseUnavailable) as refused:
        hold(data_dir, durable=False, within=20)
    message = str(refused.value)
    assert "\n" not in message
    return message
