"""Two of everything at once: who leads, who looks on, who migrates, who exports."""

import asyncio
import json
import os
import signal
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from app.db.pool import Database
from app.fleet import fleet_groups
from app.wiring import load_graph
from tests.acceptance.conftest import Answer, Cli, finish
from tests.acceptance.test_cli_run import RUN
from tests.conftest import _execute, database_named
from tests.faults.conftest import locked
from tests.postgres.conftest import eventually

LIVE = "SELECT pid FROM workers WHERE ended_at IS NULL"
LOST = "SELECT 1 FROM events WHERE what = 'worker_lost' AND (data ->> 'pid')::int = $1"


async def test_one_leads_the_other_is_told_who_and_a_third_looks_on(
    cli: Cli, database: Database, database_url: str
) -> None:
    """All of them hear of a worker that is lost meanwhile. Three exports at once end it."""
    async with locked(database_url, "companies", "SHARE ROW EXCLUSIVE"):
        first = await cli.start(*RUN, "--json")
        pids = await eventually(lambda: _pids(database, len(fleet_groups(load_graph()))), 60)
        short = str(await database.fetchval("SELECT id FROM runs"))[:8]
        second = await cli("resume", short)
        watching = await cli.start("watch", short, "--json")
        seen = await _progress(watching)
        os.kill(pids[0], signal.SIGKILL)
        await eventually(lambda: database.fetchval(LOST, pids[0]), 60)

    led, watched = await finish(first), await finish(watching)

    host = os.uname().nodename[:36]
    assert second.code == 3
    assert f"run {short} is led by {host}, pid {first.pid}; look on with" in second.complaint
    assert (led.code, watched.code, seen["event"]) == (0, 0, "progress")
    assert led.json["delivered"] == watched.json["delivered"] == 6
    for answer in (led, watched):
        told = [line for line in _notes(answer) if f"pid {pids[0]}) was lost; its items" in line]
        assert len(set(told)) == len(told) >= 1, (
            answer.err
        )  # a slow worker may be lost, and register again
    exports = await asyncio.gather(*(cli("export", short, "--output-dir", "x") for _ in range(3)))
    assert [each.code for each in exports] == [0, 0, 0]
    assert _whole_sets(cli.folder / "x") >= 1


async def test_a_detached_fleet_that_died_is_replaced_by_resume(
    cli: Cli, database: Database, database_url: str
) -> None:
    async with locked(database_url, "companies", "SHARE ROW EXCLUSIVE"):
        detached = await cli(*RUN, "--detach", "--json")
        for row in await database.fetch(LIVE):
            os.kill(row["pid"], signal.SIGKILL)

    resumed = await cli("resume", detached.json["run"], "--json")

    assert (detached.code, resumed.code, resumed.json["delivered"]) == (0, 0, 6)
    assert [line for line in _notes(resumed) if line.startswith("starting ")]


@pytest.fixture
async def empty(server: str) -> AsyncIterator[str]:
    """The address of a database without a schema."""
    name = f"empty_{os.getpid()}_two"
    await _execute(server, f'CREATE DATABASE "{name}"')
    yield database_named(server, name)
    await _execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


async def test_five_migrations_at_once_all_end_well_and_so_does_the_next(
    dry: Cli, empty: str
) -> None:
    dry.env |= {"SLUICE_DATABASE_URL": empty, "SLUICE_DATABASE_DEADLINE": "60"}

    answers = await asyncio.gather(*(dry("db", "migrate", "--json") for _ in range(5)))
    again = await dry("db", "migrate", "--json")

    assert [each.code for each in (*answers, again)] == [0] * 6
    applied = [name for each in answers for name in each.json["applied"]]
    assert len(applied) == len(set(applied)) > 3
    assert again.json["applied"] == []


async def _pids(database: Database, count: int) -> list[int]:
    rows = await database.fetch(LIVE)
    return [row["pid"] for row in rows] if len(rows) >= count else []


async def _progress(process: Process) -> dict[str, Any]:
    """The first line of progress that it prints."""
    assert process.stderr is not None
    line = await asyncio.wait_for(process.stderr.readline(), 60)
    parsed: dict[str, Any] = json.loads(line)
    return parsed


def _notes(answer: Answer) -> list[str]:
    return [event["message"] for event in answer.events if event["event"] == "note"]


def _whole_sets(folder: Path) -> int:
    """How many manifests a folder has, each of whose files is as it says; none lacks a manifest."""
    listed: dict[str, str] = {}
    manifests = list(folder.glob("manifest_*.json"))
    for manifest in manifests:
        files = json.loads(manifest.read_text("utf-8"))["files"]
        listed |= {each["name"]: each["sha256"] for each in files}
    found = {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.csv")}
    assert found == listed
    return len(manifests)
