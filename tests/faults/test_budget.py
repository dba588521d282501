"""A paid call whose reply was lost with its process counts at the price that it reserved."""

from pathlib import Path

from app.db.pool import Database
from app.orchestrator import Orchestrator
from app.queue import Queue
from app.records.budget import parse_budget
from tests.factories import a_request
from tests.faults.conftest import completed
from tests.faults.fleet import a_fleet
from tests.faults.ledger import CLEAN, ledger_of
from tests.faults.provider import PRICE, a_provider
from tests.faults.worker import a_graph
from tests.postgres.conftest import eventually


async def test_a_call_killed_between_is_settled_at_its_reserved_price_and_made_again(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    orchestrator = Orchestrator(database, Queue(database), a_graph())
    await orchestrator.create(a_request(budget=parse_budget("100", None, ())))

    async with a_provider() as provider:
        provider.answers.clear()
        with a_fleet(tmp_path, database_url, 1, FAULT_PROVIDER=provider.port) as fleet:
            await eventually(lambda: _asked(len(provider.charged) == 10))
            fleet.processes[0].kill()
            killed = len(provider.charged)
            provider.answers.set()
            fleet.start()
            await eventually(lambda: completed(database), 60)

        asked = len(provider.charged)
        costs = await database.fetchrow(
            "SELECT count(*) AS calls, count(*) FILTER (WHERE state = 'lost') AS lost,"
            " count(*) FILTER (WHERE state = 'reserved') AS open, sum(settled) AS total,"
            " sum(settled) FILTER (WHERE state = 'settled') AS known FROM costs"
        )
        known = sum(price for _, price in provider.charged[killed:])

    assert await ledger_of(database) == CLEAN
    assert (costs["calls"], costs["lost"], costs["open"]) == (asked, killed, 0)
    assert costs["known"] == known
    assert costs["total"] == known + killed * PRICE >= provider.total
    assert await database.fetchval("SELECT spent FROM budgets") == costs["total"]


async def _asked(value: bool) -> bool:
    return value
