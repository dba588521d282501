"""Sluice's engine: a worker process that serves three company stages."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Any

from app.log import configure_log
from app.pipeline.graph import Graph
from app.pipeline.outcomes import Done, Found, Outcome, Records
from app.pipeline.stage import Stage, Work
from app.records.company import Company
from app.records.criteria import Criteria
from app.records.run import RunRequest
from app.wiring import Engine, open_engine
from bench.contender import STAGES, Chain, Incomplete, expect
from bench.process import Start
from bench.server import settings_for

_SOURCE = "source"


class EngineContender:
    """Items of a run, claimed, handled and settled."""

    name = "sluice"
    module = "bench.engine"

    async def fill(self, dsn: str, chain: Chain) -> None:
        """A run whose companies are found and wait for the first stage."""
        async with open_engine(settings_for(dsn), graph=chain_graph(chain)) as engine:
            await find_companies(engine, chain)

    async def ended_at(self, connection: Any, chain: Chain) -> float:
        """When the run was completed."""
        await connection.execute("SET search_path TO sluice, procrastinate")
        done = "SELECT count(*) FROM {} WHERE stage = ANY ($1) AND {} = 'done'"
        last = STAGES[-1]
        for table, column in (("items", "state"), ("stage_log", "status")):
            sql = done.format(table, column)
            await expect(connection, chain.steps, table, sql, list(STAGES))
        ready = "SELECT count(*) FROM companies WHERE status = 'ready' AND description = $1"
        await expect(connection, chain.items, "companies", ready, last)
        await expect(connection, 0, "jobs left", "SELECT count(*) FROM procrastinate_jobs")
        finished = await connection.fetchval("SELECT finished_at FROM runs")
        if finished is None:
            raise Incomplete("the run is not completed")
        return float(finished.timestamp())


def chain_graph(chain: Chain) -> Graph:
    """A source of companies and the stages of the chain behind it."""

    async def find(work: Work, tools: Any) -> Outcome:
        numbers = range(1, work.run.request.target_quantity + 1)
        return Done(Records(found=tuple(Found(_company(number)) for number in numbers)))

    async def learn(work: Work, tools: Any) -> Outcome:
        if chain.sleep:
            await asyncio.sleep(chain.sleep)
        assert work.company is not None
        return Done(Records(company=replace(work.company, description=work.stage)))

    stages = [Stage(_SOURCE, 0, "run", (), find, "finds")]
    for number, name in enumerate(STAGES, 1):
        stages.append(Stage(name, number, "company", (stages[-1].name,), learn, name))
    return Graph.of(stages)


async def find_companies(engine: Engine, chain: Chain) -> Any:
    """A new run, taken to where its companies wait for the first stage; its id."""
    request = RunRequest(Criteria(), (_SOURCE,), "", target_quantity=chain.items)
    run = await engine.orchestrator.create(request)
    worker = engine.worker([_SOURCE], None)
    task = asyncio.create_task(worker.run())
    sql = "SELECT count(*) FROM items WHERE run_id = $1 AND stage = $2"
    async with asyncio.timeout(60):
        while await engine.database.fetchval(sql, run.id, STAGES[0]) < chain.items:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    worker.stop()
    with suppress(asyncio.CancelledError):
        await task
    return run.id


def _company(number: int) -> Company:
    return Company(
        f"Company {number}", f"c{number}.example", f"https://c{number}.example", state="OH"
    )


async def work(dsn: str, chain: Chain, start: Start) -> None:
    """The worker process: serve until the run is over."""
    await serve(dsn, chain, start, until_idle=True)


async def serve(dsn: str, chain: Chain, start: Start, *, until_idle: bool) -> None:
    """A worker for the stages of the chain; ends at a signal, or when no run is active."""
    configure_log("warning", "json")
    async with open_engine(settings_for(dsn), graph=chain_graph(chain)) as engine:
        worker = engine.worker(STAGES, None, chain.in_flight)
        await start()
        await worker.run(until_idle=until_idle)
