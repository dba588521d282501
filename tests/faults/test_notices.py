"""LISTEN and NOTIFY only make it faster: without them work is picked up by polling, in 2 s."""

import asyncio
from pathlib import Path

from app.db.pool import Database
from tests.faults.conftest import a_new_run, completed, pickup
from tests.faults.fleet import Fleet, a_fleet
from tests.postgres.conftest import eventually

LISTENERS = """
FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sluice listener'
"""
TRIGGERS = """
SELECT format('DROP TRIGGER %I ON procrastinate_jobs', tgname) FROM pg_trigger
WHERE tgrelid = 'procrastinate_jobs'::regclass AND tgname LIKE '%notify%'
"""
NEVER = {"SLUICE_POLL": 2, "FAULT_PAUSE": 0}
"""Polling as seldom as is allowed."""


async def test_work_is_picked_up_within_two_seconds_of_losing_listen(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    with a_fleet(tmp_path, database_url, 1, **NEVER) as fleet:
        await _idle(database, fleet)
        waits = []
        for _ in range(5):
            await database.fetch(f"SELECT pg_terminate_backend(pid) {LISTENERS}")
            waits.append(await pickup(database))

    assert max(waits) <= 2.2


async def test_without_notify_polling_picks_work_up_within_two_seconds(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    for row in await database.fetch(TRIGGERS):
        await database.fetch(row[0])

    with a_fleet(tmp_path, database_url, 1, **NEVER) as fleet:
        await _idle(database, fleet)
        waits = [await pickup(database) for _ in range(3)]

    assert max(waits) <= 2.2


async def test_a_retry_starts_when_it_is_due_though_nothing_announces_that(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    with a_fleet(tmp_path, database_url, 1, **NEVER, FAULT_FLAKY=1, SLUICE_BACKOFF=1):
        await a_new_run(database)
        await eventually(lambda: completed(database), 60)

    late = await database.fetchval("""
        SELECT max(extract(epoch FROM again.started_at - i.available_at)) FROM items i
        JOIN stage_log again ON again.item_id = i.id AND again.attempt = 2
        WHERE i.attempt = 2""")
    assert 0 <= late <= 1  # half of what polling needs; 0.25 s where nothing else runs


async def _idle(database: Database, fleet: Fleet) -> None:
    """Until the worker listens and has nothing to do."""
    await eventually(lambda: database.fetchval(f"SELECT pid {LISTENERS}"), 10)
    await asyncio.sleep(0.5)
