"""A process that creates one run after the other and prints each; to be killed."""

import asyncio

from app.settings import load_settings
from app.wiring import open_engine
from tests.factories import a_request
from tests.faults.worker import a_graph


async def main() -> None:
    """Create runs without end."""
    async with open_engine(load_settings(), graph=a_graph()) as engine:
        while True:
            run = await engine.orchestrator.create(a_request(target_quantity=2))
            print(run.id, flush=True)  # noqa: T201  the parent reads it


if __name__ == "__main__":
    asyncio.run(main())
