"""An export is all or nothing, whatever step it dies or fails at; a rerun ends it and cleans up."""

import asyncio
import errno
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.db.pool import Database
from app.settings import Settings
from app.tools import Tools, open_tools
from app.wiring import open_engine
from tests.faults.conftest import a_new_run, completed
from tests.faults.fleet import a_fleet, exits
from tests.faults.worker import a_graph
from tests.postgres.conftest import eventually

KINDS = ["companies", "contacts"]


def play(folder: Path, steps: range, fault: str, second: int = 5) -> list[dict[str, Any]]:
    """How each step of an export into folder/<step> ended."""
    environment = os.environ | {
        "EXPORT_FOLDER": str(folder),
        "EXPORT_STEPS": " ".join(map(str, steps)),
        "EXPORT_FAULT": fault,
        "EXPORT_SECOND": str(second),
    }
    process = subprocess.run(
        [sys.executable, "-m", "tests.faults.exporter"],
        cwd=Path(__file__).parents[2],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    ended = [json.loads(line) for line in process.stdout.splitlines()]
    assert [each["step"] for each in ended] == list(steps)
    return ended


def hashes(folder: Path, *, drafts: bool = False) -> dict[str, str]:
    """Name -> SHA-256 of what is there."""
    found = sorted(folder.iterdir()) if folder.exists() else []
    shown = [path for path in found if drafts or not path.name.startswith(".")]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in shown}


def check_sets(folder: Path) -> None:
    """Nothing but whole sets: each manifest names its two files with the hashes they have."""
    there = hashes(folder, drafts=True)
    for name in [name for name in there if name.startswith("manifest_")]:
        listed = json.loads((folder / name).read_bytes())["files"]
        assert [each["name"].partition("_")[0] for each in listed] == KINDS
        assert {each["name"]: each["sha256"] for each in listed}.items() <= there.items()
        for each in listed:
            there.pop(each["name"])
        there.pop(name)
    assert there == {}


def age(folder: Path, steps: range, names: Iterable[str]) -> dict[str, str]:
    """Files of before in each step's folder; their hashes."""
    for step in steps:
        (folder / str(step)).mkdir()
        for name in names:
            (folder / str(step) / name).write_text(f"old {name}")
    return hashes(folder / str(steps[0]))


@pytest.mark.parametrize(("second", "old"), [(5, False), (5, True), (6, False)])
def test_killed_anywhere_files_are_whole_and_a_rerun_ends_it(
    tmp_path: Path, second: int, old: bool
) -> None:
    [calm] = play(tmp_path, range(1), "none")
    golden = hashes(tmp_path / "0")
    everything = range(1, len(calm["asked"]) + 1)
    before = age(tmp_path, everything, golden) if old else {}

    killed = play(tmp_path, everything, "kill")

    assert set(calm["asked"]) == {"open", "mkdir", "write", "fsync", "replace", "unlink"}
    assert calm["asked"].count("write") == 6
    for each in killed:
        assert each["ended"] == "killed"
        there = hashes(tmp_path / str(each["step"]))
        assert there.items() <= golden.items() | before.items()
        assert not old or len(there) == 3

    again = play(tmp_path, everything, "none", second)

    for each in again:
        folder = tmp_path / str(each["step"])
        assert each["ended"] == "done"
        check_sets(folder)
        assert second != 5 or hashes(folder) == golden


@pytest.mark.parametrize(("fault", "old"), [("ENOSPC", True), ("EIO", False)])
def test_a_disk_that_fails_anywhere_leaves_everything_as_it_was(
    tmp_path: Path, fault: str, old: bool
) -> None:
    [calm] = play(tmp_path, range(1), "none")
    golden = hashes(tmp_path / "0")
    everything = range(1, len(calm["asked"]) + (7 if old else 1))
    before = age(tmp_path, everything, golden) if old else {}

    ended = play(tmp_path, everything, fault)

    failed = [each for each in ended if each["ended"] == "failed"]
    assert len(failed) >= 20
    for each in failed:
        folder = tmp_path / str(each["step"])
        assert hashes(folder) == before, each["asked"][-1]
        assert str(folder) in each["reason"]
        assert os.strerror(getattr(errno, fault)) in each["reason"]
    for each in ended:
        if each["ended"] == "done":
            assert hashes(tmp_path / str(each["step"])) == golden
    for each in play(tmp_path, everything, "none"):
        assert hashes(tmp_path / str(each["step"]), drafts=True) == golden


async def test_a_run_is_not_exported_before_its_files_are_there(
    database: Database, database_url: str, tmp_path: Path, chance: random.Random
) -> None:
    output = tmp_path / "leads"
    options = {"FAULT_OUTPUT": output, "FAULT_PAUSE": 0}
    await a_new_run(database, output_dir=str(output))

    with a_fleet(tmp_path, database_url, 0, **options) as fleet:
        for step in chance.sample(range(1, 28), 2):
            worker = fleet.start(FAULT_STEP=step)
            assert await exits(worker, 30) == -signal.SIGKILL
            assert await _recorded(database) == {}
            assert not await completed(database)
        fleet.start()
        await eventually(lambda: completed(database), 30)

    check_sets(output)
    assert await _recorded(database) == hashes(output)
    assert Counter(name.partition("_")[0] for name in hashes(output)) == Counter(
        [*KINDS, "manifest"]
    )


async def test_exporters_at_once_leave_whole_sets(
    database: Database, database_url: str, settings: Settings, tmp_path: Path
) -> None:
    run_id = await a_new_run(database)
    with a_fleet(tmp_path, database_url, 1, FAULT_PAUSE=0):
        await eventually(lambda: completed(database), 30)
    item = await database.fetchval("SELECT id FROM items WHERE stage = 'export'")

    async def export(tools: Tools, folder: str, item_id: int | None) -> set[str]:
        run = await engine.orchestrator.find(str(run_id))
        request = replace(run.request, output_dir=str(tmp_path / folder))
        made = await tools.package(replace(run, request=request), item_id)
        assert all(hashes(each.path.parent)[each.path.name] == each.sha256 for each in made)
        return {each.path.name for each in made}

    async with (
        open_engine(settings, graph=a_graph()) as engine,
        open_tools(settings, engine.database, engine.budget) as tools,
    ):
        same = await asyncio.gather(*(export(tools, "same", item) for _ in range(6)))
        other = await asyncio.gather(*(export(tools, "other", None) for _ in range(6)))

    check_sets(tmp_path / "same")
    check_sets(tmp_path / "other")
    assert len(set.union(*same)) == 3
    assert len(set.union(*other)) == 18


async def _recorded(database: Database) -> dict[str, str]:
    """Name -> SHA-256 of the files that the database knows."""
    rows = await database.fetch("SELECT path, sha256 FROM artifacts")
    return {Path(row["path"]).name: row["sha256"] for row in rows}
