"""Hand-written asyncpg: the same writes in batches and nothing else. The limit.

No jobs, fences, retries, outcomes or runs that advance: a loop claims a batch of one stage, handles
it and settles it in one statement. `bare` does so on tables without any constraint and with two
indexes; otherwise the tables are Sluice's own.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg

from bench.contender import STAGES, Chain, expect
from bench.process import Start

LOOPS = 3
"""Batches under way at once: more than the two processors keep busy gains nothing."""
BATCH = 500

_BARE = """
CREATE SCHEMA bare;
CREATE TABLE bare.items (LIKE sluice.items INCLUDING DEFAULTS INCLUDING IDENTITY);
CREATE TABLE bare.stage_log (LIKE sluice.stage_log INCLUDING DEFAULTS INCLUDING IDENTITY);
CREATE TABLE bare.companies (LIKE sluice.companies INCLUDING DEFAULTS INCLUDING IDENTITY);
CREATE TABLE bare.runs (LIKE sluice.runs INCLUDING DEFAULTS);
ALTER TABLE bare.items ADD PRIMARY KEY (id);
ALTER TABLE bare.companies ADD PRIMARY KEY (id);
CREATE INDEX ON bare.items (stage) WHERE state = 'ready';
"""
_RUN = """
INSERT INTO runs (request, target_quantity, contacts_min, contacts_max, stage)
VALUES ('{}', $1, 0, 0, $2) RETURNING id
"""
_COMPANIES = """
INSERT INTO companies (run_id, ordinal, name, domain, website, state, current_stage)
SELECT $1, n, 'Company ' || n, 'c' || n || '.example', 'https://c' || n || '.example', 'OH',
       'source'
FROM generate_series(1, $2) AS n
"""
_ITEMS = "INSERT INTO items (run_id, stage, company_id) SELECT run_id, $1, id FROM companies"
_CLAIM = """
WITH picked AS (
    SELECT id FROM items WHERE run_id = $1 AND stage = $2 AND state = 'ready'
    LIMIT $3 FOR UPDATE SKIP LOCKED
)
UPDATE items i
SET state = 'leased', fence = fence + 1, attempt = attempt + 1, worker_id = 1,
    leased_until = now() + interval '15 s', started_at = clock_timestamp()
FROM picked WHERE i.id = picked.id RETURNING i.id, i.company_id
"""
_SETTLE = """
WITH given AS (
    SELECT * FROM unnest($3::bigint[], $4::bigint[]) AS given (id, company_id)
), settled AS (
    UPDATE items i SET state = 'done', worker_id = NULL, leased_until = NULL
    FROM given g WHERE i.id = g.id RETURNING i.id, i.attempt, i.started_at
), learned AS (
    UPDATE companies c SET description = $2::text, current_stage = $2::text, status = $6
    FROM given g WHERE c.id = g.company_id
), logged AS (
    INSERT INTO stage_log (run_id, stage, item_id, attempt, worker_id, started_at, completed_at,
                           status)
    SELECT $1, $2::text, id, attempt, 1, started_at, clock_timestamp(), 'done' FROM settled
)
INSERT INTO items (run_id, stage, company_id)
SELECT $1, $5, company_id FROM given WHERE $5::text IS NOT NULL
"""


class HandWrittenContender:
    """The limit, on Sluice's tables or on bare ones."""

    def __init__(self, *, bare: bool = False) -> None:
        self._schema = "bare" if bare else "sluice"
        self.name = "by hand, bare tables" if bare else "by hand, same tables"
        self.module = "bench.handwritten"

    async def fill(self, dsn: str, chain: Chain) -> None:
        """Companies with an item of the first stage each."""
        connection = await asyncpg.connect(dsn)
        if self._schema == "bare":
            await connection.execute(_BARE)
        name = await connection.fetchval("SELECT current_database()")
        await connection.execute(f'ALTER DATABASE "{name}" SET search_path TO {self._schema}')
        await connection.execute(f"SET search_path TO {self._schema}")
        await fill_companies(connection, chain)
        await connection.execute(_ITEMS, STAGES[0])
        await connection.close()

    async def ended_at(self, connection: Any, chain: Chain) -> float:
        """When the last log row was written."""
        done = "SELECT count(*) FROM items WHERE state = 'done'"
        await expect(connection, chain.steps, "items", done)
        return await last_log_row(connection, chain)


async def fill_companies(connection: Any, chain: Chain) -> None:
    """A run and its companies."""
    run = await connection.fetchval(_RUN, chain.items, STAGES[0])
    await connection.execute(_COMPANIES, run, chain.items)


async def last_log_row(connection: Any, chain: Chain) -> float:
    """When the last log row was written; all rows must be there, and all companies at the end."""
    await expect(connection, chain.steps, "stage_log", "SELECT count(*) FROM stage_log")
    ready = "SELECT count(*) FROM companies WHERE status = 'ready' AND description = $1"
    await expect(connection, chain.items, "companies", ready, STAGES[-1])
    last = await connection.fetchval("SELECT max(completed_at) FROM stage_log")
    return float(last.timestamp())


async def work(dsn: str, chain: Chain, start: Start) -> None:
    """The worker process: claim and settle until nothing is left."""
    pool = await asyncpg.create_pool(dsn, min_size=LOOPS, max_size=LOOPS)
    run = await pool.fetchval("SELECT id FROM runs")
    await start()
    drain = _sleeping if chain.sleep else _plain
    await drain(pool, run, chain)
    await pool.close()


async def _plain(pool: Any, run: Any, chain: Chain) -> None:
    """Stage after stage, as the items need no time."""
    for stage in STAGES:

        async def empty(stage: str = stage) -> None:
            while rows := await pool.fetch(_CLAIM, run, stage, BATCH):
                await _settle(pool, run, stage, rows)

        await asyncio.gather(*(empty() for _ in range(LOOPS)))


async def _settle(pool: Any, run: Any, stage: str, rows: Sequence[Any]) -> None:
    place = STAGES.index(stage)
    last = place == len(STAGES) - 1
    await pool.execute(
        _SETTLE,
        run,
        stage,
        [row["id"] for row in rows],
        [row["company_id"] for row in rows],
        None if last else STAGES[place + 1],
        "ready" if last else "open",
    )


async def _sleeping(pool: Any, run: Any, chain: Chain) -> None:
    """`in_flight` items sleep at once; what wakes within milliseconds is settled together."""
    free, left = chain.in_flight, chain.steps
    awake: list[tuple[str, Any]] = []
    changed = asyncio.Event()

    def wake(stage: str, row: Any) -> None:
        awake.append((stage, row))
        changed.set()

    loop = asyncio.get_running_loop()
    while left:
        for stage in reversed(STAGES):
            rows = await pool.fetch(_CLAIM, run, stage, free) if free else []
            free -= len(rows)
            for row in rows:
                loop.call_later(chain.sleep, wake, stage, row)
        await changed.wait()
        await asyncio.sleep(0.002)
        changed.clear()
        woken, awake[:] = list(awake), []
        free += len(woken)
        left -= len(woken)
        for stage in STAGES:
            rows = [row for name, row in woken if name == stage]
            if rows:
                await _settle(pool, run, stage, rows)
