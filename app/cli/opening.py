"""Open the engine for a command."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from app.cli.command import Call

if TYPE_CHECKING:
    from app.wiring import Engine


@asynccontextmanager
async def open_runs(call: Call) -> AsyncIterator["Engine"]:
    """The engine, with missing migrations applied. Raises DatabaseUnavailable."""
    from app.wiring import open_engine

    async with open_engine(call.settings, prepare=True) as engine:
        yield engine


@asynccontextmanager
async def look_at_runs(call: Call) -> AsyncIterator["Engine"]:
    """An engine without stages, which starts faster, for a command that needs none.

    Raises DatabaseUnavailable, also when migrations are missing in a configured database.
    """
    from app.pipeline.graph import Graph
    from app.wiring import open_engine

    settings = call.settings
    async with open_engine(settings, graph=Graph(()), prepare=not settings.dsn) as engine:
        yield engine
