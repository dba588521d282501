"""A worker process whose handlers misbehave as a scenario asks. Run as `python -m`.

Companies come in hundreds, without network; each handler call is written to the ledger file, one
line each, by O_APPEND: what was really done, seen from outside the database.
"""

import asyncio
import os
import signal
import sys
from typing import Any

from app.log import configure_log
from app.pipeline.graph import Graph
from app.pipeline.outcomes import Done, Outcome, Records
from app.pipeline.stage import Work
from app.settings import load_settings
from app.wiring import open_engine
from tests.factories import a_stage, companies

TOTAL = int(os.environ.get("FAULT_COMPANIES", "60"))
PAUSE = float(os.environ.get("FAULT_PAUSE", "0.05"))
POISON = os.environ.get("FAULT_POISON", "")
LEDGER = os.environ.get("FAULT_LEDGER", os.devnull)


async def nothing(work: Work, tools: Any) -> Outcome:
    return Done()


async def discover(work: Work, tools: Any) -> Outcome:
    return Done(Records(found=companies(TOTAL)), {"cursor": TOTAL, "exhausted": True})


async def research(work: Work, tools: Any) -> Outcome:
    """Takes a while, writes to the ledger, and dies with its process on the poisoned company."""
    assert work.company is not None
    _note(f"{work.stage} {work.company.domain} {work.attempt} {os.getpid()}")
    if work.company.domain == POISON:
        os.kill(os.getpid(), signal.SIGKILL)
    await asyncio.sleep(PAUSE)
    return Done()


def a_graph() -> Graph:
    """Two company stages between discovery and export."""
    return Graph.of(
        [
            a_stage("intake", 0, nothing, unit="run"),
            a_stage("discovery", 3, discover, ["intake"], unit="run", batches=True),
            a_stage("company_research", 4, research, ["discovery"], chunk=8),
            a_stage("contact_research", 6, research, ["company_research"], chunk=8),
            a_stage("export", 9, nothing, ["contact_research"], unit="run"),
        ]
    )


def _note(line: str) -> None:
    ledger = os.open(LEDGER, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(ledger, f"{line}\n".encode())
    os.close(ledger)


async def main() -> None:
    """Serve all stages until a signal."""
    settings = load_settings()
    configure_log(settings.log_level, "json")
    async with open_engine(settings, graph=a_graph()) as engine:
        await engine.worker([stage.name for stage in engine.graph], None).run()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
