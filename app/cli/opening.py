"""Open the engine for a command."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from app.cli.command import Call

if TYPE_CHECKING:
    from app.wiring import Engine


@asynccontextmanager
async def open_runs(call: Call, *, prepare: bool = True) -> AsyncIterator["Engine"]:
    """The engine. `prepare` applies missing migrations; a command that only looks does so in the
    built-in database alone. Raises DatabaseUnavailable."""
    from app.wiring import open_engine

    settings = call.settings
    async with open_engine(settings, prepare=prepare or not settings.dsn) as engine:
        yield engine
