"""Worker processes are killed, stopped and poisoned; the run still ends right."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.db.pool import Database
from tests.faults.conftest import a_new_run, completed
from tests.faults.fleet import a_fleet, exits
from tests.faults.ledger import CLEAN, ledger_of
from tests.postgres.conftest import eventually

READY = "SELECT count(*) FROM companies WHERE status = 'ready'"
LEASED = "SELECT count(*) FROM items WHERE state = 'leased' AND stage = 'company_research'"


CAUGHT = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND state = 'active' AND wait_event = 'ClientRead'
  AND query LIKE '%INSERT INTO evidence%'
"""
DONE = "SELECT count(*) FROM stage_log WHERE status = 'done' AND stage LIKE '%_research'"
STATES = "SELECT DISTINCT state, attempt FROM items WHERE company_id IS NOT NULL"


async def test_a_worker_killed_again_and_again_loses_nothing(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await a_new_run(database)

    with a_fleet(tmp_path, database_url, 2) as fleet:
        for _ in range(4):
            await eventually(lambda: database.fetchval(LEASED + " OR state = 'ready'"))
            await asyncio.sleep(0.3)
            fleet.processes[-1].kill()
            fleet.start()
        await eventually(lambda: completed(database), 60)

    assert await ledger_of(database) == CLEAN
    assert await database.fetchval(READY) == 60


async def test_sigterm_lets_short_items_end_and_exits_zero(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await a_new_run(database)

    with a_fleet(tmp_path, database_url, 1, FAULT_PAUSE=1) as fleet:
        await eventually(fleet.started)
        fleet.processes[0].terminate()
        code = await exits(fleet.processes[0], 8)
        handled = fleet.done()

    done = await database.fetchval(DONE)
    assert code == 0
    assert done == len(handled) > 0


@pytest.mark.parametrize(("signals", "seconds"), [(1, 10), (2, 2.5)])
async def test_sigterm_hands_long_items_back_uncharged_and_twice_at_once(
    database: Database, database_url: str, tmp_path: Path, signals: int, seconds: float
) -> None:
    await a_new_run(database)

    with a_fleet(tmp_path, database_url, 1, FAULT_PAUSE=60) as fleet:
        await eventually(lambda: database.fetchval(LEASED))
        for _ in range(signals):
            fleet.processes[0].terminate()
            await asyncio.sleep(0.2)
        code = await exits(fleet.processes[0], seconds)

    rows = await database.fetch(STATES)
    assert code == 0
    assert [tuple(row) for row in rows] == [("ready", 0)]


async def test_a_worker_that_slept_past_its_lease_writes_nothing(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await a_new_run(database)

    with a_fleet(tmp_path, database_url, 1, FAULT_PAUSE=1) as fleet:
        await eventually(lambda: database.fetchval(LEASED))
        fleet.processes[0].send_signal(signal.SIGSTOP)
        fleet.start()
        await eventually(lambda: completed(database), 60)
        fleet.processes[0].send_signal(signal.SIGCONT)
        await eventually(fleet.refused)

    assert await ledger_of(database) == CLEAN


async def test_a_worker_stopped_in_the_middle_of_a_statement_keeps_no_locks(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    """No timeout of Postgres ends a transaction that waits between preparing and executing."""
    await a_new_run(database)

    with a_fleet(tmp_path, database_url, 0) as fleet:
        fleet.start(FAULT_STOP="INSERT INTO evidence")
        await eventually(lambda: database.fetchval(CAUGHT))
        fleet.start()
        await eventually(lambda: completed(database), 60)
        fleet.processes[0].send_signal(signal.SIGCONT)
        await eventually(fleet.refused)

    assert await ledger_of(database) == CLEAN


async def test_a_worker_that_cannot_go_on_ends_with_an_error_and_keeps_nothing(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    """Its heartbeat meets what is no outage, again and again."""
    await a_new_run(database)

    with a_fleet(tmp_path, database_url, 1, FAULT_PAUSE=60, SLUICE_GRACE=0) as fleet:
        await eventually(lambda: database.fetchval(LEASED))
        await database.fetch("ALTER TABLE workers RENAME COLUMN seen_at TO unknown")
        code = await exits(fleet.processes[0], 30)
        failed = fleet.said("loop_failed")

    states = await database.fetch("SELECT DISTINCT state, attempt FROM items WHERE company_id > 0")
    assert code == 1
    assert {each["source"] for each in failed} == {"heartbeat"}
    assert [tuple(row) for row in states] == [("ready", 0)]


def test_a_process_whose_event_loop_is_stuck_ends_and_shows_where() -> None:
    stuck = """
import asyncio, re
from app.loop import end_when_stuck
async def main():
    watching = asyncio.create_task(end_when_stuck(0.1, limit=0.5))
    await asyncio.sleep(1)
    re.match("(a+)+$", "a" * 60 + "b")
asyncio.run(main())
"""

    ended = subprocess.run(
        [sys.executable, "-c", stuck], capture_output=True, timeout=20, check=False
    )

    assert ended.returncode == 1
    assert b'File "<string>", line 7 in main' in ended.stderr


async def test_a_poisoned_item_is_quarantined_and_its_neighbours_finish(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await a_new_run(database)

    with a_fleet(tmp_path, database_url, 2, FAULT_POISON="c7.example") as fleet:

        async def over() -> bool:
            while len(fleet.living) < 2:
                fleet.start()
            return await completed(database)

        await eventually(over, 90)
        deaths = sum(process.poll() == -signal.SIGKILL for process in fleet.processes)

    rows = await database.fetch("SELECT domain, cause FROM companies WHERE status = 'failed'")
    assert [tuple(row) for row in rows] == [("c7.example", "quarantined")]
    assert await database.fetchval(READY) == 59
    assert deaths == 3
    assert await ledger_of(database) == CLEAN
