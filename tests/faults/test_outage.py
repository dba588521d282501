"""The database is away for longer than a lease: everybody waits, nobody is blamed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import asyncpg
import pytest

from app.db.pool import Database
from app.settings import Settings
from tests.faults.conftest import a_new_run, a_stranger, completed, locked
from tests.faults.fleet import HEARTBEAT, LEASE, a_fleet, exits
from tests.faults.ledger import CLEAN, ledger_of
from tests.faults.proxy import Proxy, a_proxy
from tests.faults.server import Server, a_server
from tests.postgres.conftest import eventually

LEASED = "SELECT count(*) FROM items WHERE state = 'leased' AND stage = 'company_research'"
LOST = "SELECT count(*) FROM stage_log WHERE status = 'lost'"
BLAMED = "SELECT count(*) FROM events WHERE what = 'worker_lost'"
AWAY = 2.5 * LEASE
GRACE = 1.0


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    """A server of this test's own."""
    async with a_server(tmp_path / "server") as started:
        yield started


@pytest.fixture
async def proxy(server: Server) -> AsyncIterator[Proxy]:
    """The way from the workers to it."""
    async with a_proxy(server.url) as started:
        yield started


@pytest.fixture
async def database(server: Server) -> AsyncIterator[Database]:
    """The way from the test to it."""
    opened = await Database.open(Settings(SLUICE_DATABASE_URL=server.url))  # type: ignore[call-arg]
    yield opened
    await opened.close()


SHORT = {"FAULT_PAUSE": 1, "FAULT_COMPANIES": 20, "SLUICE_DATABASE_TIMEOUT": 3}
FAULTS = ["server", "network", "silence", "half_open", "lock", "read_only"]


@pytest.mark.parametrize("fault", FAULTS)
async def test_an_outage_longer_than_a_lease_is_said_once_and_blames_nobody(
    database: Database, server: Server, proxy: Proxy, tmp_path: Path, fault: str
) -> None:
    await a_new_run(database)

    with a_fleet(tmp_path, proxy.url(server.url), 2, **SHORT) as fleet:
        await eventually(lambda: database.fetchval(LEASED))
        await _endure(fault, server, proxy)
        await eventually(lambda: completed(database), 30)
        alive = [process.poll() for process in fleet.processes]
        said = [len(fleet.said(event)) for event in ("database_unavailable", "database_back")]

    assert alive == [None, None]
    assert await ledger_of(database) == CLEAN
    assert await database.fetchval(LOST) == 0
    assert await database.fetchval(BLAMED) == 0
    # One that starts late, or finds out when others are back already, has nothing to say.
    assert all(1 <= times <= len(alive) for times in said) or fault == "half_open"


async def _endure(fault: str, server: Server, proxy: Proxy) -> None:
    match fault:
        case "server":
            server.stop()
            await asyncio.sleep(AWAY)
            await server.start()
        case "network":
            proxy.refuse()
            await asyncio.sleep(AWAY)
        case "silence":
            proxy.hold()
            await asyncio.sleep(AWAY)
        case "half_open":
            proxy.swallow()
            await asyncio.sleep(AWAY)
        case "lock":
            async with locked(server.url, "items"):
                await asyncio.sleep(AWAY)
        case "read_only":
            await _set_read_only(server.url, "on")
            await asyncio.sleep(AWAY)
            await _set_read_only(server.url, "off")
    proxy.heal()


async def _set_read_only(url: str, value: str) -> None:
    async with a_stranger(url) as connection:
        await connection.execute("SET default_transaction_read_only = off")
        await connection.execute(f"ALTER SYSTEM SET default_transaction_read_only = {value}")
        await connection.execute("SELECT pg_reload_conf()")


@pytest.mark.parametrize("fault", ["network", "silence"])
@pytest.mark.parametrize(("signals", "seconds"), [(1, GRACE + 5), (2, 2)])
async def test_sigterm_ends_a_worker_in_time_also_during_an_outage(
    database: Database,
    server: Server,
    proxy: Proxy,
    tmp_path: Path,
    fault: str,
    signals: int,
    seconds: float,
) -> None:
    await a_new_run(database)

    with a_fleet(tmp_path, proxy.url(server.url), 1, FAULT_PAUSE=60, SLUICE_GRACE=GRACE) as fleet:
        await eventually(lambda: database.fetchval(LEASED))
        proxy.refuse() if fault == "network" else proxy.hold()
        await asyncio.sleep(HEARTBEAT)
        for _ in range(signals):
            fleet.processes[0].terminate()
            await asyncio.sleep(0.1)
        code = await exits(fleet.processes[0], seconds)

    assert code == 0


async def test_when_all_connection_slots_are_taken_workers_wait_for_one(
    database: Database, server: Server, proxy: Proxy, tmp_path: Path
) -> None:
    await a_new_run(database)
    await database.fetch("ALTER SYSTEM SET max_connections = 30")
    server.stop()
    await server.start()

    with a_fleet(tmp_path, proxy.url(server.url), 2, **SHORT) as fleet:
        await eventually(lambda: database.fetchval(LEASED))
        async with AsyncExitStack() as taken:
            for _ in range(5):
                proxy.reset()
                with suppress(asyncpg.TooManyConnectionsError):
                    while True:
                        await taken.enter_async_context(a_stranger(server.url))
            await asyncio.sleep(AWAY)
        await eventually(lambda: completed(database), 30)
        alive = [process.poll() for process in fleet.processes]
        why = {each["error"] for each in fleet.said("database_unavailable")}

    assert alive == [None, None]
    assert why  # whichever comes first, the end of a connection or that there is no new one
    assert await ledger_of(database) == CLEAN


async def test_an_error_that_is_no_outage_ends_the_worker_with_a_code_that_says_so(
    database: Database, server: Server, tmp_path: Path
) -> None:
    with a_fleet(tmp_path, server.url, 1) as fleet:
        await eventually(lambda: database.fetchval("SELECT count(*) FROM workers"))
        await database.fetch("ALTER TABLE workers RENAME TO gone")
        code = await exits(fleet.processes[0], 20)

    assert code == 1
