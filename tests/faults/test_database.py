"""The database goes away in the middle of a run; the workers outlive it."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from app.db.migrate import migrate
from app.db.pool import Database
from app.orchestrator import Orchestrator
from app.queue import Queue
from app.settings import Settings
from app.wiring import components
from tests.factories import a_request
from tests.faults.fleet import a_fleet
from tests.faults.ledger import CLEAN, ledger_of
from tests.faults.worker import a_graph
from tests.postgres.conftest import eventually

SETTLED = "SELECT count(*) FROM items WHERE state = 'done'"


def _postmaster(data_dir: Path) -> int:
    (pid_file,) = data_dir.rglob("postmaster.pid")
    return int(pid_file.read_text().splitlines()[0])


@pytest.mark.parametrize("kill", [signal.SIGQUIT, signal.SIGKILL], ids=["immediate", "killed"])
async def test_the_built_in_database_dies_three_times_and_the_run_completes(
    tmp_path: Path, kill: signal.Signals
) -> None:
    data = tmp_path / "data"
    settings = Settings(data_dir=data, database_timeout=5)
    database = await Database.open(settings)
    await migrate(database, components())
    await Orchestrator(database, Queue(database), a_graph()).create(a_request())

    with a_fleet(tmp_path, "", 2, SLUICE_DATA_DIR=data, FAULT_PAUSE=0.3) as fleet:
        for quarter in (1, 2, 3):

            async def quarter_done(least: int = quarter * 25) -> bool:
                await database.revive(settings)
                return bool(await database.fetchval(SETTLED) >= least)

            await eventually(quarter_done, 60)
            os.kill(_postmaster(data), kill)

        async def completed() -> bool:
            await database.revive(settings)
            return bool(await database.fetchval("SELECT status = 'completed' FROM runs"))

        await eventually(completed, 90)
        alive = [process.poll() for process in fleet.processes]

    assert alive == [None, None]
    assert await ledger_of(database) == CLEAN
    await database.close()


async def test_ended_connections_are_replaced(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await Orchestrator(database, Queue(database), a_graph()).create(a_request())

    with a_fleet(tmp_path, database_url, 2, FAULT_PAUSE=0.2):
        for _ in range(10):
            await database.fetch(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            await asyncio.sleep(0.3)

        async def completed() -> bool:
            return bool(await database.fetchval("SELECT status = 'completed' FROM runs"))

        await eventually(completed, 60)

    assert await ledger_of(database) == CLEAN
