"""The network between workers and database loses replies, resets, stalls."""

from pathlib import Path

from app.db.pool import Database
from tests.faults.conftest import a_new_run, completed, golden_rows
from tests.faults.fleet import a_fleet
from tests.faults.ledger import CLEAN, ledger_of, rows_of
from tests.faults.proxy import Proxy, a_proxy
from tests.postgres.conftest import eventually

STATEMENTS = [
    "procrastinate_register_worker",
    "Say whose heartbeat",
    "procrastinate_fetch_job",
    "Lease what is ready",
    "procrastinate_finish_job",
    "COMMIT",
    "Extend the leases",
    "The worker lives",
    "Leases that ran out",
    "Try to lead the sweep",
]
"""In the order in which a run comes by them."""
SHORT = {"FAULT_PAUSE": 1, "FAULT_COMPANIES": 30}


async def test_lost_replies_to_any_statement_lose_and_double_nothing(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    run_id = await a_new_run(database)

    async with a_proxy(database_url) as proxy:
        with a_fleet(tmp_path, proxy.url(database_url), 1, **SHORT) as fleet:
            for number, text in enumerate(STATEMENTS, 1):
                proxy.cut_replies(lambda sql, text=text: text in sql, times=2)  # type: ignore[misc]
                await eventually(lambda n=number: _lost(proxy, 2 * n), 30)  # type: ignore[misc]
            await eventually(lambda: completed(database), 60)
            alive = [process.poll() for process in fleet.processes]

    assert alive == [None]
    assert await ledger_of(database) == CLEAN
    assert await rows_of(database, run_id) == await golden_rows(
        database, database_url, tmp_path, **SHORT
    )


async def _lost(proxy: Proxy, replies: int) -> bool:
    return proxy.cuts == replies
