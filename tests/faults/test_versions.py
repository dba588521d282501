"""Workers of an old version and of a new one side by side: what one does not know, it leaves."""

from pathlib import Path

from app.db.pool import Database
from app.orchestrator import Orchestrator
from app.queue import Queue
from tests.factories import a_request
from tests.faults.conftest import a_new_run, completed
from tests.faults.fleet import a_fleet
from tests.faults.ledger import CLEAN, ledger_of
from tests.faults.worker import a_graph
from tests.postgres.conftest import eventually

PUT = "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ($1, 'sluice.items', $2)"
STRANGE = "INSERT INTO items (run_id, stage) VALUES ($1, 'company_check') RETURNING id"
CARRIED = """
SELECT bool_and(queue_name = 'company_check' AND status = 'todo') FROM procrastinate_jobs
"""
OVER = "SELECT status = 'completed' FROM runs WHERE id = $1"
OF_NEW = "SELECT count(*) FROM stage_log WHERE run_id = $1"


async def test_a_newer_run_waits_for_newer_workers_and_nothing_of_it_fails_or_skips_a_stage(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    new = Orchestrator(database, Queue(database), a_graph(newer=True))
    newer = await new.create(a_request(target_quantity=60))
    older = await a_new_run(database)

    with a_fleet(tmp_path, database_url, 1) as fleet:
        await eventually(lambda: database.fetchval(OVER, older), 60)
        touched = await database.fetchval(OF_NEW, newer.id)
        fleet.start(FAULT_NEWER=1)
        await eventually(lambda: completed(database), 60)
        living = len(fleet.living)

    states = await database.fetch("SELECT DISTINCT stage, state FROM items WHERE run_id = $1"
                                  " AND company_id IS NOT NULL ORDER BY 1", newer.id)  # fmt: skip
    assert (touched, living) == (0, 2)
    stages = ("company_check", "company_research", "contact_research")
    assert [tuple(row) for row in states] == [(stage, "done") for stage in stages]
    assert await database.fetchval("SELECT max(attempt) FROM items") == 1
    assert await ledger_of(database) == CLEAN


async def test_an_item_of_an_unknown_stage_is_queued_for_who_knows_it_and_harms_nobody(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    """Also when a job of a known stage carries it."""
    waiting = await a_new_run(database)
    await database.fetch("UPDATE items SET available_at = now() + interval '1 day'")
    item = await database.fetchval(STRANGE, waiting)
    other = await a_new_run(database)
    await database.fetch(PUT, "company_research", {"version": 1, "items": [item]})

    with a_fleet(tmp_path, database_url, 1) as fleet:
        await eventually(lambda: database.fetchval(OVER, other), 60)
        await eventually(lambda: database.fetchval(CARRIED), 30)
        living = len(fleet.living)

    row = await database.fetchrow("SELECT state, attempt, lost FROM items WHERE id = $1", item)
    assert (tuple(row), living) == (("ready", 0, 0), 1)
