"""The only place where objects are built and closed."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from app import registry
from app.budget import Purse
from app.control import Control
from app.db.migrate import Component, migrate, own_component, require_current
from app.db.pool import Database
from app.orchestrator import Orchestrator
from app.pipeline.graph import Graph
from app.pipeline.retry import RetryPolicy
from app.pipeline.stage import Stage
from app.queue import Queue, queue_component
from app.runner import Runner
from app.settings import Settings
from app.settler import Settler
from app.supervisor import Worker


@dataclass(frozen=True, slots=True)
class Engine:
    """What a process needs to create, move and watch runs."""

    settings: Settings
    database: Database
    queue: Queue
    graph: Graph
    orchestrator: Orchestrator
    control: Control

    @property
    def budget(self) -> Purse:
        """What the runs may spend."""
        return Purse(self.database, self.orchestrator)

    def worker(
        self,
        stages: Sequence[str],
        tools: Any,
        concurrency: int | None = None,
        queue: Queue | None = None,
    ) -> Worker:
        """A worker process for these stages (names or numbers), with jobs from `queue` instead of
        the run's. Raises UnknownName."""
        names = [self.graph[stage].name for stage in stages]
        size = concurrency or self.settings.concurrency
        settings = self.settings
        policy = RetryPolicy(settings.attempts, settings.backoff, settings.backoff_cap)
        settler = Settler(self.database, self.orchestrator, self.graph, policy)
        runner = Runner(
            self.database, self.graph, settler, tools, concurrency=size, lease=settings.lease
        )
        return Worker(
            self.database,
            queue or self.queue,
            self.orchestrator,
            runner,
            settler,
            settings,
            names,
        )


def components() -> tuple[Component, ...]:
    """Everything that is migrated."""
    return own_component(), queue_component()


def load_graph() -> Graph:
    """The stage graph of the files in `workers/`."""
    stages: Iterable[Stage] = registry.load_all("workers", "STAGE").values()
    return Graph.of(stages)


@asynccontextmanager
async def open_engine(
    settings: Settings, *, graph: Graph | None = None, prepare: bool = False
) -> AsyncIterator[Engine]:
    """Connect and build. `prepare` applies missing migrations; without it they are an error.

    Raises DatabaseUnavailable and ConfigError.
    """
    database = await Database.open(settings)
    try:
        if prepare:
            await migrate(database, components())
        else:
            await require_current(database, components())
        queue = Queue(database)
        graph = graph or load_graph()
        orchestrator = Orchestrator(database, queue, graph)
        control = Control(database, orchestrator, graph, settings.model_dump())
        yield Engine(settings, database, queue, graph, orchestrator, control)
    finally:
        await database.close()
