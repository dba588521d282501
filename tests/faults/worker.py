"""A worker process whose handlers misbehave as a scenario asks. Run as `python -m`.

Companies come in a list, without network; each handler call is written to the ledger file, one line
each, by O_APPEND: what was really done, seen from outside the database. What a handler learns
depends on the company alone, so that any two runs must end in the same rows.

FAULT_COMPANIES, FAULT_PAUSE (seconds of one item), FAULT_POISON (domains that kill the process),
FAULT_FLAKY (how many attempts of each item fail for now), FAULT_LEDGER (file), FAULT_CLOCK (seconds
by which this process's clock is wrong), FAULT_PROVIDER (port of a paid provider that is asked once
for each company), FAULT_OUTPUT and FAULT_STEP (files are exported below this folder; the process is
killed at this step of it), FAULT_NEWER (of a newer version, which has one more stage), FAULT_STOP
(the process stops itself once it has sent Postgres a statement with this text to prepare, before it
asks for its execution).
SIGUSR2 prints where every task stands.
"""

import asyncio
import os
import signal
import sys
import time
from asyncio import selector_events
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from app.log import configure_log
from app.pipeline.graph import Graph
from app.pipeline.outcomes import Done, Fail, Outcome, Records
from app.pipeline.stage import Work
from app.records.contact import Contact
from app.records.evidence import Absence
from app.records.page import Page
from app.settings import load_settings
from app.wiring import Engine, open_engine
from tests.factories import NOW, a_stage, companies, evidence
from tests.faults.provider import pay

TOTAL = int(os.environ.get("FAULT_COMPANIES", "60"))
PAUSE = float(os.environ.get("FAULT_PAUSE", "0.05"))
POISON = os.environ.get("FAULT_POISON", "").split()
LEDGER = os.environ.get("FAULT_LEDGER", os.devnull)
FLAKY = int(os.environ.get("FAULT_FLAKY", "0"))
PROVIDER = int(os.environ.get("FAULT_PROVIDER", "0"))
CLOCK = float(os.environ.get("FAULT_CLOCK", "0"))
OUTPUT = os.environ.get("FAULT_OUTPUT", "")
NEWER = bool(os.environ.get("FAULT_NEWER"))
STEP = int(os.environ.get("FAULT_STEP", "0"))
PARSE = b"P"
"""The first byte of Postgres' message that prepares a statement."""
STOP = os.environ.get("FAULT_STOP", "").encode()


async def nothing(work: Work, tools: Any) -> Outcome:
    return Done()


async def discover(work: Work, tools: Any) -> Outcome:
    return Done(Records(found=companies(TOTAL)), {"cursor": TOTAL, "exhausted": True})


async def research(work: Work, tools: Any) -> Outcome:
    """Takes a while, writes to the ledger, and dies with its process on a poisoned company."""
    assert work.company is not None
    _note(f"{work.stage} {work.company.domain} {work.attempt} {os.getpid()}")
    if work.company.domain in POISON:
        os.kill(os.getpid(), signal.SIGKILL)
    await asyncio.sleep(PAUSE)
    if PROVIDER and work.stage == "company_research":
        await pay(PROVIDER, work, tools.budget)
    if work.attempt <= FLAKY:
        return Fail("server_error", "503")
    return Done(_learned(work.company.domain), {"attempt": work.attempt})


async def deliver(work: Work, tools: Any) -> Outcome:
    """The real export, where a scenario wants files."""
    if not OUTPUT:
        return Done()
    from tests.faults.exporter import NthCall
    from workers.export import STAGE

    NthCall(Path(OUTPUT), STEP, "kill").install()
    return await STAGE.handle(work, tools)


@asynccontextmanager
async def _tools(engine: Engine) -> AsyncIterator[Any]:
    """The real ones only where they are needed: they take a second to load."""
    if not OUTPUT:
        yield SimpleNamespace(budget=engine.budget)
        return
    from app.tools import open_tools

    async with open_tools(engine.settings, engine.database, engine.budget) as tools:
        yield tools


def a_graph(*, newer: bool = NEWER) -> Graph:
    """Two company stages between discovery and export; the newer version has one between them."""
    between = "company_check" if newer else "company_research"
    check = [a_stage("company_check", 5, research, ["company_research"], chunk=8)]
    return Graph.of(
        [
            a_stage("intake", 0, nothing, unit="run"),
            a_stage("discovery", 3, discover, ["intake"], unit="run", batches=True),
            a_stage("company_research", 4, research, ["discovery"], chunk=8),
            *(check if newer else []),
            a_stage("contact_research", 6, research, [between], chunk=8),
            a_stage("export", 9, deliver, ["contact_research"], unit="run"),
        ]
    )


def _learned(domain: str) -> Records:
    """A person, a page, a fact and an absence: each of them would show twice if written twice."""
    url = f"https://{domain}/team"
    email = f"jo@{domain}"
    return Records(
        contacts=(Contact("jo doe", "Jo Doe", email=email, email_status="published"),),
        pages=(Page(url, 200, "text/html", "utf-8", b"<p>Jo Doe</p>", NOW),),
        evidence=(evidence("email", email, source_url=url, subject="jo doe"),),
        absences=(Absence("phone", "not_found", "no number on the page"),),
    )


def _note(line: str) -> None:
    ledger = os.open(LEDGER, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(ledger, f"{line}\n".encode())
    os.close(ledger)


def _say_where_tasks_stand() -> None:
    for task in asyncio.all_tasks():
        sys.stderr.write(f"task {task.get_name()}\n")
        step: Any = task.get_coro()
        while step is not None:
            frame = getattr(step, "cr_frame", None)
            if frame is not None:
                sys.stderr.write(f"    {frame.f_code.co_filename}:{frame.f_lineno}\n")
            step = getattr(step, "cr_await", None)


def _stop_when_preparing() -> None:
    transport: Any = selector_events._SelectorSocketTransport  # type: ignore[attr-defined]
    send = transport.write

    def write(self: Any, data: Any) -> None:
        send(self, data)
        message = bytes(data)
        if message[:1] == PARSE and STOP in message:
            os.kill(os.getpid(), signal.SIGSTOP)

    transport.write = write


def _set_clock_wrong() -> None:
    right = time.time
    time.time = lambda: right() + CLOCK


async def main() -> None:
    """Serve all stages until a signal."""
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR2, _say_where_tasks_stand)
    if CLOCK:
        _set_clock_wrong()
    if STOP:
        _stop_when_preparing()
    settings = load_settings()
    configure_log(settings.log_level, "json")
    async with open_engine(settings, graph=a_graph()) as engine, _tools(engine) as tools:
        await engine.worker([stage.name for stage in engine.graph], tools).run()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
