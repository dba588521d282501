"""The network between workers and database loses replies, resets, stalls."""

from pathlib import Path

import pytest

from app.db.pool import Database
from tests.faults.conftest import a_new_run, completed
from tests.faults.fleet import a_fleet
from tests.faults.ledger import CLEAN, ledger_of
from tests.faults.proxy import Proxy, a_proxy
from tests.postgres.conftest import eventually

STATEMENTS = {
    "fetch": "procrastinate_fetch_job",
    "claim": "Lease what is ready",
    "finish": "procrastinate_finish_job",
    "commit": "COMMIT",
    "renew": "Extend the leases",
    "beat": "The worker lives",
    "expire": "Leases that ran out",
    "lead": "Try to lead the sweep",
    "enter": "Say whose heartbeat",
}


@pytest.mark.parametrize("text", STATEMENTS.values(), ids=STATEMENTS.keys())
async def test_a_lost_reply_to_any_statement_loses_and_doubles_nothing(
    database: Database, database_url: str, tmp_path: Path, text: str
) -> None:
    await a_new_run(database)

    async with a_proxy(database_url) as proxy:
        proxy.cut_replies(lambda sql: text in sql, times=3)
        with a_fleet(tmp_path, proxy.url(database_url), 1, FAULT_PAUSE=0.3) as fleet:
            await eventually(lambda: _all_lost(proxy, 3), 30)
            await eventually(lambda: completed(database), 30)
            alive = [process.poll() for process in fleet.processes]

    assert alive == [None]
    assert await ledger_of(database) == CLEAN


async def _all_lost(proxy: Proxy, replies: int) -> bool:
    return proxy.cuts == replies
