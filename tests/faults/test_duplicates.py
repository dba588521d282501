"""The queue delivers twice, delivers garbage, and delivers to workers whose clocks are wrong."""

import asyncio
from pathlib import Path

from app.db.pool import Database
from tests.faults.conftest import a_new_run, completed, golden_rows
from tests.faults.fleet import a_fleet
from tests.faults.ledger import CLEAN, ledger_of, rows_of
from tests.postgres.conftest import eventually

DAY = 86_400
COPY_JOBS = """
INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args)
SELECT queue_name, task_name, priority, args FROM procrastinate_jobs ORDER BY random() LIMIT 20
"""
DO_AGAIN = """
INSERT INTO procrastinate_jobs (queue_name, task_name, args)
SELECT stage, 'sluice.items', jsonb_build_object('version', 1, 'items', jsonb_agg(id))
FROM items WHERE state = 'done' GROUP BY stage
"""
PUT = "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ($1, $2, $3)"
FOREIGN = [
    ("sluice.items", {"version": 2, "items": [1]}),
    ("sluice.items", {"version": 1, "items": "all"}),
    ("sluice.items", {"version": 1, "items": [1.5, None]}),
    ("sluice.items", {"version": 1}),
    ("sluice.items", {}),
    ("another.task", {"version": 1, "items": [1]}),
]


async def test_jobs_that_are_delivered_again_and_again_have_no_second_effect(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    run_id = await a_new_run(database)

    with a_fleet(tmp_path, database_url, 2) as fleet:
        while not await completed(database):
            await database.fetch(COPY_JOBS)
            await database.fetch(DO_AGAIN)
            await asyncio.sleep(0.05)
        handled = fleet.done()

    assert set(handled.values()) == {1}
    assert await ledger_of(database) | {"stuck": 0} == CLEAN
    await database.fetch("DELETE FROM procrastinate_jobs")
    assert await rows_of(database, run_id) == await golden_rows(database, database_url, tmp_path)


async def test_payloads_that_a_worker_does_not_know_are_handed_back_and_stop_nothing(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    for task, payload in FOREIGN:
        await database.fetch(PUT, "company_research", task, payload)
    await a_new_run(database)

    with a_fleet(tmp_path, database_url, 1) as fleet:
        await eventually(lambda: completed(database), 20)
        alive = fleet.processes[0].poll()

    kept = await database.fetch("SELECT args, status::text, scheduled_at > now() AS later"
                                " FROM procrastinate_jobs ORDER BY id")  # fmt: skip
    assert alive is None
    assert [tuple(row) for row in kept] == [(args, "todo", True) for _, args in FOREIGN]


async def test_the_clocks_of_workers_do_not_matter(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await a_new_run(database)

    with a_fleet(tmp_path, database_url, 0, FAULT_FLAKY=1, SLUICE_BACKOFF=1) as fleet:
        fleet.start(FAULT_CLOCK=DAY)
        fleet.start(FAULT_CLOCK=-DAY)
        await eventually(lambda: completed(database), 30)

    early = await database.fetchval("""
        SELECT count(*) FROM items i JOIN stage_log l ON l.item_id = i.id AND l.attempt = i.attempt
        WHERE l.started_at < i.available_at""")
    lost = await database.fetchval("SELECT count(*) FROM stage_log WHERE status = 'lost'")
    assert (early, lost) == (0, 0)
    assert await ledger_of(database) == CLEAN
