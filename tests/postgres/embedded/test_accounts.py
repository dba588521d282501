"""The server is never root, and an ordinary user has one too."""

import contextlib
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.db import embedded, keeper
from app.db.binaries import find
from app.db.embedded import hold
from tests.postgres.embedded.box import (
    AS_ROOT,
    HOLD_UNTIL_TOLD,
    PATHS,
    Box,
    ask,
    line,
    status_of,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.mark.skipif(not AS_ROOT, reason="only root's server changes its account")
def test_root_s_server_is_not_root_and_no_mode_of_a_parent_changes(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    box = Box(tmp_path / "made" / "data")
    before = _modes(box.data_dir)

    with hold(box.data_dir, durable=False) as held:
        answer = ask(held.dsn, "SELECT 1")
        status = status_of(box.server)

    assert answer == 1
    assert "0" not in status["Uid"].split()
    assert int(status["CapEff"], 16).bit_count() == 1
    assert (box.folder / "data").stat().st_uid == int(status["Uid"].split()[0])
    assert _modes(box.data_dir)[-len(before) :] == before
    box.close()


@pytest.mark.skipif(not AS_ROOT, reason="only root's server changes its account")
def test_root_s_server_keeps_no_capability_where_it_needs_none(open_folder: Path) -> None:
    folder = find(open_folder).folder
    if not embedded._can_pass(embedded._nobody(), folder):
        pytest.skip(f"the binaries lie in a private folder: {folder}")
    box = Box(open_folder)

    with hold(box.data_dir, durable=False):
        status = status_of(box.server)

    assert int(status["CapEff"], 16) == 0
    box.close()


@pytest.mark.skipif(not AS_ROOT, reason="every other test runs as an ordinary user already")
def test_an_ordinary_user_has_a_server_of_his_own(open_folder: Path) -> None:
    account = embedded._nobody()
    os.chown(open_folder, account.uid, account.gid)
    box = Box(open_folder)
    as_user: dict[str, Any] = {"user": account.uid, "group": account.gid, "extra_groups": []}
    process = box.process(HOLD_UNTIL_TOLD, python=_python_for(account), **as_user)

    answer = ask(line(process), "SELECT 1")
    status = status_of(box.server)
    box.close()

    assert answer == 1
    assert status["Uid"].split() == [str(account.uid)] * 4
    assert int(status["CapEff"], 16) == 0
    assert stat.S_IMODE(box.folder.stat().st_mode) == 0o700


def _modes(folder: Path) -> list[tuple[int, int, int]]:
    """Mode and owner of every parent that exists, the nearest first."""
    found = [parent.stat() for parent in folder.parents if parent.exists()]
    return [(each.st_mode, each.st_uid, each.st_gid) for each in found]


def _python_for(account: keeper.Account) -> str:
    """An interpreter of this version that the account may run, with what the tests need."""
    probe = "import sys, asyncpg, app.db.embedded; print(sys.version_info[:2])"
    for python in (sys.executable, "/usr/bin/python3"):
        options: dict[str, Any] = {"user": account.uid, "extra_groups": [], "env": PATHS}
        with contextlib.suppress(OSError):
            answer = subprocess.run(
                [python, "-c", probe], capture_output=True, text=True, check=False, **options
            )
            if answer.stdout.strip() == str(sys.version_info[:2]):
                return python
    pytest.skip("no Python of this version that an ordinary user may run with these packages")
