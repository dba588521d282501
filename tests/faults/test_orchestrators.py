"""Whoever creates and moves runs is killed, or is there twice."""

import asyncio
import os
import random
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from app.db.pool import Database
from app.pipeline.graph import Graph
from app.wiring import Engine
from tests.faults.conftest import a_new_run, completed
from tests.faults.fleet import a_fleet
from tests.faults.ledger import CLEAN, ledger_of
from tests.faults.worker import a_graph
from tests.postgres.conftest import eventually

HALF = """
SELECT count(*) FROM runs r
WHERE (SELECT count(*) FROM stages s WHERE s.run_id = r.id) <> $1
   OR (SELECT count(*) FROM items i WHERE i.run_id = r.id) <> 1
   OR (SELECT count(*) FROM procrastinate_jobs j, items i
       WHERE i.run_id = r.id AND j.args -> 'items' = jsonb_build_array(i.id)) <> 1
"""


async def test_who_creates_a_run_is_killed_at_any_moment_and_leaves_no_half_run(
    database: Database, database_url: str, tmp_path: Path, chance: random.Random
) -> None:
    said: set[str] = set()
    for _ in range(6):
        process = _creator(database_url)
        assert process.stdout is not None
        first = await asyncio.to_thread(process.stdout.readline)
        await asyncio.sleep(chance.uniform(0, 0.03))
        process.kill()
        rest, _ = process.communicate()
        said |= set((first + rest).split())

    stored = {str(row["id"]) for row in await database.fetch("SELECT id FROM runs")}
    assert said <= stored
    assert await database.fetchval(HALF, len(a_graph().stages)) == 0
    with a_fleet(tmp_path, database_url, 1, FAULT_COMPANIES=2, FAULT_PAUSE=0):
        await eventually(lambda: completed(database), 60)
    assert await ledger_of(database) == CLEAN


async def test_everybody_advancing_one_run_at_once_moves_each_stage_once(
    database: Database,
    database_url: str,
    opened: Callable[[Graph], Awaitable[Engine]],
    tmp_path: Path,
) -> None:
    one, other = await opened(a_graph()), await opened(a_graph())
    run_id = await a_new_run(database)

    with a_fleet(tmp_path, database_url, 2):
        while not await completed(database):
            both = (one.orchestrator, other.orchestrator)
            await asyncio.gather(*(each.advance(run_id) for each in both for _ in range(3)))

    ends = await database.fetchval("SELECT count(*) FROM events WHERE what = 'run_completed'")
    batches = await database.fetchval("SELECT count(*) FROM items WHERE stage = 'discovery'")
    assert (ends, batches) == (1, 1)
    assert await ledger_of(database) == CLEAN


def _creator(url: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.creator"],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"SLUICE_DATABASE_URL": url},
        stdout=subprocess.PIPE,
        text=True,
    )
