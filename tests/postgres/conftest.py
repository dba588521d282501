"""An engine whose stages a test gives it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from app.db.pool import OUTAGE
from app.pipeline.graph import Graph
from app.pipeline.outcomes import Done, Outcome, Records
from app.pipeline.stage import Handler, Work
from app.settings import Settings
from app.supervisor import Worker
from app.wiring import Engine, open_engine
from tests.factories import a_stage, companies


async def nothing(work: Work, tools: Any) -> Outcome:
    return Done()


async def discover(work: Work, tools: Any) -> Outcome:
    """A source of 30 companies, brought in batches of the size asked for."""
    start = work.input["cursor"] or 0
    end = min(start + work.input["size"], 30)
    found = companies(end - start, start + 1)
    return Done(Records(found=found), {"cursor": end, "exhausted": end == 30})


def graph_with(research: Handler, **options: Any) -> Graph:
    """intake -> discovery -> company_research (the given handler) -> export."""
    return Graph.of(
        [
            a_stage("intake", 0, nothing, unit="run"),
            a_stage("discovery", 3, discover, ["intake"], unit="run", batches=True),
            a_stage("company_research", 4, research, ["discovery"], **options),
            a_stage("export", 9, nothing, ["company_research"], unit="run"),
        ]
    )


@asynccontextmanager
async def working(engine: Engine, concurrency: int | None = None) -> AsyncIterator[Worker]:
    """A worker of all stages that runs beside the test, and is stopped after it."""
    worker = engine.worker([stage.name for stage in engine.graph], None, concurrency)
    task = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        worker.stop()
        worker.stop()
        await asyncio.wait_for(task, 20)


async def eventually(check: Callable[[], Awaitable[Any]], seconds: float = 20) -> Any:
    """Wait until `check` returns something true; fails with the last answer when it never does."""
    deadline = asyncio.get_running_loop().time() + seconds
    answer: Any = None
    while asyncio.get_running_loop().time() < deadline:
        with suppress(*OUTAGE):
            answer = await check()
            if answer:
                return answer
        await asyncio.sleep(0.02)
    raise AssertionError(f"never became true; last answer: {answer!r}")


@pytest.fixture
async def opened(settings: Settings) -> AsyncIterator[Callable[[Graph], Awaitable[Engine]]]:
    """Open engines that are closed after the test."""
    engines = []

    async def open_one(graph: Graph) -> Engine:
        context = open_engine(settings, graph=graph)
        engine = await context.__aenter__()
        engines.append(context)
        return engine

    yield open_one
    for context in engines:
        await context.__aexit__(None, None, None)
