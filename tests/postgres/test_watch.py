"""Whoever watches a run hears, once, of every worker that is lost meanwhile."""

from collections.abc import Awaitable, Callable
from typing import Any

from app.clock import SystemClock
from app.events import add_event
from app.pipeline.graph import Graph
from app.watch import Watch
from app.wiring import Engine
from tests.factories import a_request
from tests.postgres.conftest import eventually, graph_with, nothing
from tests.postgres.test_leader import Seen


async def _lose(engine: Engine, worker: int) -> None:
    async with engine.database.transaction() as connection:
        data: dict[str, Any] = {"id": worker, "host": "box", "pid": 4711, "stages": ["export"]}
        await add_event(connection, None, "worker_lost", **data)


async def test_every_watcher_is_told_once_of_each_lost_worker_and_of_no_earlier_one(
    opened: Callable[[Graph], Awaitable[Engine]],
) -> None:
    engine = await opened(graph_with(nothing))
    run = await engine.orchestrator.create(a_request())
    await _lose(engine, 11)
    seen = [Seen(), Seen()]
    watches = [Watch(engine, run.id, each, SystemClock()) for each in seen]
    looks = [watch.progress() for watch in watches]
    for each in looks:
        await anext(each)
        await anext(each)

    await _lose(engine, 12)
    await _lose(engine, 13)

    async def woken() -> bool:
        return all(watch._wake.is_set() for watch in watches)

    await eventually(woken)
    for each in [*looks, *looks]:
        await anext(each)
    said = [
        f"worker {worker} (box, pid 4711) was lost; its items go to others" for worker in (12, 13)
    ]
    assert [each.said for each in seen] == [said, said]
    for each in looks:
        await each.aclose()
