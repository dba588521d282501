"""One worker's network goes silent: no reset, no error, nothing. The others take its work over."""

import asyncio
import time
from pathlib import Path

import pytest

from app.db.pool import Database
from tests.faults import netns
from tests.faults.conftest import a_new_run, completed, pickup
from tests.faults.fleet import a_fleet, exits
from tests.faults.proxy import a_proxy
from tests.postgres.conftest import eventually

LOST = "SELECT count(*) FROM stage_log WHERE status = 'lost'"
SILENCE = 40
OPTIONS = {"SLUICE_DATABASE_TIMEOUT": 10, "FAULT_PAUSE": 1, "FAULT_COMPANIES": 20}


@pytest.mark.skipif(not netns.possible(), reason="needs root and network namespaces")
async def test_a_silent_worker_is_replaced_at_once_and_is_back_15_s_after_the_silence(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await a_new_run(database)

    with netns.a_wire() as wire, a_fleet(tmp_path, database_url, 0, **OPTIONS) as fleet:
        async with a_proxy(database_url, netns.HERE) as proxy:
            silent = fleet.start(
                *wire.there, SLUICE_DATABASE_URL=proxy.url(database_url, netns.HERE)
            )
            await eventually(fleet.started)
            wire.silence()
            began = time.monotonic()
            other = fleet.start()
            await eventually(lambda: completed(database), 30)
            replaced = time.monotonic() - began
            other.terminate()
            await exits(other, 10)
            await asyncio.sleep(SILENCE - (time.monotonic() - began))
            wire.heal()
            back = await pickup(database)
            alive = silent.poll()

    assert alive is None
    assert replaced < 15
    assert back < 15
    assert await database.fetchval(LOST) > 0
