"""Stock procrastinate: one job per item and stage, its own worker, settings at their best.

A task's writes are one statement in one transaction: its company, a log row, the job of the next
stage. That is quicker than `defer_async`, a second round trip. Finished jobs are deleted.
"""

import asyncio
import logging
from typing import Any

import asyncpg
import procrastinate

from bench.contender import STAGES, Chain, expect
from bench.handwritten import fill_companies, last_log_row
from bench.process import Start

CONCURRENCY = 20
"""Jobs at once in a chain that does not sleep: the best of 5, 10, 20 and 50."""
TASK = "step"

_PATH = "sluice,procrastinate"
_FIRST = """
SELECT procrastinate_defer_jobs_v1(array_agg(
    ROW($1::text, $2::text, 0, NULL, NULL,
        jsonb_build_object('company', id, 'stage', $1::text), NULL)
    ::procrastinate_job_to_defer_v1))
FROM companies
"""
_STEP = """
WITH learned AS (
    UPDATE companies SET description = $2::text, current_stage = $2::text, status = $3
    WHERE id = $1::bigint
    RETURNING run_id
), logged AS (
    INSERT INTO stage_log (run_id, stage, item_id, attempt, started_at, completed_at, status)
    SELECT run_id, $2::text, $1::bigint, 1, now(), clock_timestamp(), 'done' FROM learned
)
SELECT CASE WHEN $4::text IS NOT NULL THEN procrastinate_defer_jobs_v1(ARRAY[ROW(
    $4::text, $5::text, 0, NULL, NULL,
    jsonb_build_object('company', $1::bigint, 'stage', $4::text), NULL
)::procrastinate_job_to_defer_v1]) END
"""


class StockContender:
    """procrastinate as it comes."""

    name = "stock procrastinate"
    module = "bench.stock"

    async def fill(self, dsn: str, chain: Chain) -> None:
        """Companies with a job of the first stage each."""
        connection = await asyncpg.connect(dsn)
        name = await connection.fetchval("SELECT current_database()")
        await connection.execute(f'ALTER DATABASE "{name}" SET search_path TO {_PATH}')
        await connection.execute(f"SET search_path TO {_PATH}")
        await fill_companies(connection, chain)
        await connection.execute(_FIRST, STAGES[0], TASK)
        await connection.close()

    async def ended_at(self, connection: Any, chain: Chain) -> float:
        """When the last log row was written."""
        await expect(connection, 0, "jobs left", "SELECT count(*) FROM procrastinate_jobs")
        return await last_log_row(connection, chain)


async def work(dsn: str, chain: Chain, start: Start) -> None:
    """The worker process: its own worker until every step is taken."""
    logging.disable(logging.INFO)
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=dsn, max_size=10))
    pool = await asyncpg.create_pool(dsn, min_size=1, max_size=10)
    left = chain.steps
    finished = asyncio.Event()

    @app.task(name=TASK)
    async def step(company: int, stage: str) -> None:
        nonlocal left
        if chain.sleep:
            await asyncio.sleep(chain.sleep)
        place = STAGES.index(stage)
        last = place == len(STAGES) - 1
        following = None if last else STAGES[place + 1]
        await pool.fetch(_STEP, company, stage, "ready" if last else "open", following, TASK)
        left -= 1
        if not left:
            finished.set()

    async with app.open_async():
        await start()
        concurrency = chain.in_flight if chain.sleep else CONCURRENCY
        worker = asyncio.create_task(
            app.run_worker_async(
                concurrency=concurrency, delete_jobs="always", install_signal_handlers=False
            )
        )
        await finished.wait()
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
    await pool.close()
