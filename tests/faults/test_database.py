"""The database goes away in the middle of a run; the workers outlive it."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from app.db.migrate import migrate
from app.db.pool import Database
from app.settings import Settings
from app.wiring import components
from tests.faults.conftest import a_new_run, completed
from tests.faults.fleet import LEASE, a_fleet
from tests.faults.ledger import CLEAN, ledger_of
from tests.faults.server import a_server
from tests.postgres.conftest import eventually

SETTLED = "SELECT count(*) FROM items WHERE state = 'done'"
FULL = """
CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$
"""
FULL_TRIGGER = "CREATE TRIGGER disk_full BEFORE INSERT ON contacts EXECUTE FUNCTION disk_full()"
LEASED = "SELECT count(*) FROM items WHERE state = 'leased' AND stage = 'company_research'"


def _postmaster(data_dir: Path) -> int:
    (pid_file,) = data_dir.rglob("postmaster.pid")
    return int(pid_file.read_text().splitlines()[0])


def _family(pid: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


@pytest.mark.parametrize("kill", [signal.SIGQUIT, signal.SIGKILL], ids=["immediate", "killed"])
async def test_the_built_in_database_dies_three_times_and_the_run_completes(
    tmp_path: Path, kill: signal.Signals
) -> None:
    data = tmp_path / "data"
    settings = Settings(data_dir=data, database_timeout=5)
    database = await Database.open(settings)
    await migrate(database, components())
    await a_new_run(database)

    with a_fleet(tmp_path, "", 2, SLUICE_DATA_DIR=data, FAULT_PAUSE=0.3) as fleet:
        for quarter in (1, 2, 3):

            async def quarter_done(least: int = quarter * 25) -> bool:
                await database.revive(settings)
                return bool(await database.fetchval(SETTLED) >= least)

            await eventually(quarter_done, 60)
            os.kill(_postmaster(data), kill)

        async def over() -> bool:
            await database.revive(settings)
            return await completed(database)

        await eventually(over, 90)
        alive = [process.poll() for process in fleet.processes]

    assert alive == [None, None]
    assert await ledger_of(database) == CLEAN
    await database.close()


async def test_a_server_that_stands_still_for_longer_than_every_timeout_is_outlived(
    tmp_path: Path,
) -> None:
    """What it was asked meanwhile it does when it wakes; nobody waits for that any more."""
    async with a_server(tmp_path / "server") as server:
        database = await Database.open(Settings(SLUICE_DATABASE_URL=server.url))  # type: ignore[call-arg]
        await a_new_run(database)

        with a_fleet(tmp_path, server.url, 2, FAULT_PAUSE=0.4) as fleet:
            await eventually(fleet.started)
            processes = _family(server.postmaster)
            for process in processes:
                os.kill(process, signal.SIGSTOP)
            await asyncio.sleep(LEASE + 6)
            for process in processes:
                os.kill(process, signal.SIGCONT)
            await eventually(lambda: completed(database), 60)
            alive = [process.poll() for process in fleet.processes]

        assert alive == [None, None]
        assert await ledger_of(database) == CLEAN
        await database.close()


async def test_ended_connections_are_replaced(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await a_new_run(database)

    with a_fleet(tmp_path, database_url, 2, FAULT_PAUSE=0.2):
        for _ in range(10):
            await database.fetch(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            await asyncio.sleep(0.3)

        await eventually(lambda: completed(database), 60)

    assert await ledger_of(database) == CLEAN


async def test_while_the_disk_is_full_outcomes_wait_and_keep_their_leases(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await a_new_run(database)

    with a_fleet(tmp_path, database_url, 2, FAULT_PAUSE=0.5) as fleet:
        await eventually(lambda: database.fetchval(LEASED))
        await database.fetch(FULL)
        await database.fetch(FULL_TRIGGER)
        await asyncio.sleep(2 * LEASE)
        await database.fetch("DROP TRIGGER disk_full ON contacts")
        await eventually(lambda: completed(database), 30)
        refused = fleet.said("late_write_refused")

    assert await database.fetchval("SELECT count(*) FROM stage_log WHERE status = 'lost'") == 0
    assert refused == []
    assert await ledger_of(database) == CLEAN
