"""The database does not come back: who nobody looks after ends, and says why."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app import supervisor
from app.clock import SystemClock
from app.errors import DatabaseGone, DatabaseUnavailable
from app.pipeline.outcomes import Done, Outcome
from app.pipeline.stage import Work
from app.records.run import Run
from app.settings import Settings
from app.watch import Silent, Watch
from app.wiring import Engine, open_engine
from tests.factories import a_request
from tests.faults.server import a_server
from tests.postgres.conftest import eventually, graph_with


async def _slow(work: Work, tools: Any) -> Outcome:
    await asyncio.sleep(60)
    return Done()


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    """On a built-in server of its own."""
    settings = Settings(data_dir=tmp_path / "data", poll=0.2, heartbeat=0.5, lease=3, grace=0.1)
    async with open_engine(settings, graph=graph_with(_slow), prepare=True) as opened:
        yield opened


async def _at_work(engine: Engine) -> tuple[Run, asyncio.Task[None]]:
    """A run whose companies are being researched, by a worker that serves until it is over."""
    run = await engine.control.create(a_request(target_quantity=3))
    worker = engine.worker([stage.name for stage in engine.graph], None)
    task = asyncio.create_task(worker.run(until_idle=True))
    leased = "SELECT true FROM items WHERE stage = 'company_research' AND state = 'leased'"
    await eventually(lambda: engine.database.fetchval(leased))
    return run, task


async def test_without_the_folder_of_the_built_in_database_workers_and_watchers_end(
    engine: Engine,
) -> None:
    run, worker = await _at_work(engine)
    folder = engine.settings.data_dir / "postgres"
    server = int((folder / "data" / "postmaster.pid").read_text().split()[0])
    watch = Watch(engine, run.id, Silent(), SystemClock()).progress()
    await anext(watch)

    os.kill(server, signal.SIGSTOP)  # it would write on into what is being removed
    shutil.rmtree(folder)
    os.kill(server, signal.SIGKILL)

    with pytest.raises(DatabaseGone, match="put its folder back, or begin a new run"):
        await asyncio.wait_for(worker, 20)
    with pytest.raises(DatabaseGone):
        await asyncio.wait_for(anext(watch), 20)
    assert not folder.exists()


async def test_who_serves_until_no_run_is_active_does_not_wait_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "_ABSENCE", 1.0)
    async with a_server(tmp_path) as server:
        settings = Settings(SLUICE_DATABASE_URL=server.url, lease=3, heartbeat=0.5, grace=0.1)  # type: ignore[call-arg]
        async with open_engine(settings, graph=graph_with(_slow)) as engine:
            _, worker = await _at_work(engine)
            server.stop()

            with pytest.raises(DatabaseUnavailable, match="has not answered for 1 seconds"):
                await asyncio.wait_for(worker, 30)
