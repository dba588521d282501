"""One stage by hand, or some in a row: from the command line, and from Python.

    from app import StageContext, run_stage
    result = await run_stage("company_validation", StageContext("a15ba9d9", state="WV"))

The work is done in this process by a worker like any other: items are leased, outcomes are settled
behind a fence, and what is left when the process dies goes back. A dry run calls the handlers, and
undoes whatever they write.
"""

import asyncio
import json
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from app.budget import Purse
from app.control import Selection
from app.db.pool import Database
from app.db.queries import query
from app.db.undone import open_undone
from app.errors import InputError, SluiceError, UnknownName
from app.hand import Hand, Hands
from app.pipeline.outcomes import Done, Fail, Outcome, Review, Skip, Snooze
from app.pipeline.phases import listed, require
from app.pipeline.retry import failure_of
from app.pipeline.stage import Stage, Work
from app.queue import Job, Queue
from app.records.run import Run
from app.runner import company_of
from app.settings import Settings, load_settings
from app.tools import open_tools
from app.wiring import Engine, open_engine

_GIVEN = 50
"""How often an item is taken before it is left open: it keeps putting itself off."""
_WORDS = {Done: "done", Skip: "skipped", Review: "review", Fail: "failed", Snooze: "put_off"}


@dataclass(frozen=True, slots=True)
class StageContext:
    """Where a stage is run by hand: a run (the first characters of its id are enough), and which of
    its companies. `limit`: at most so many. `dry_run`: nothing is written. `verbose`: the result
    tells of each company."""

    run_id: str
    state: str = ""
    city: str = ""
    domains: tuple[str, ...] = ()
    limit: int = 100
    dry_run: bool = False
    verbose: bool = False
    settings: Settings | None = None

    @property
    def selection(self) -> Selection:
        """The companies."""
        return Selection(self.domains, self.state, self.city, self.limit)


@dataclass(frozen=True, slots=True)
class StageResult:
    """What came of a stage. `stage` is its number; `status` is complete or failed. `result`:
    items (how many ended how), statistics (what the stage counted: total, valid, ...), causes,
    marked (stages to be done again because of this), dry_run; for a stage of the whole run what it
    said; with verbose each company.
    """

    stage: int
    name: str
    status: str
    duration_seconds: float
    result: dict[str, Any] = field(default_factory=dict)
    error_message: str | None = None


async def run_stage(
    stage: str | int, context: StageContext, validate_deps: bool = True
) -> StageResult:
    """Run one stage, by number or name. A company at which it fails stays where it was.

    Raises InputError for an unknown stage or run, for one that is skipped, and, with
    `validate_deps`, where what the stage needs is not complete. What goes wrong later is told by
    the result.
    """
    async with _engine(context) as engine:
        return await _run(engine, str(stage), context, check=validate_deps)


async def run_stage_by_name(
    name: str, context: StageContext, validate_deps: bool = True
) -> StageResult:
    """Run one stage by its name alone. Raises as `run_stage`."""
    if name.isdigit():
        raise InputError(f"{name} is a number: run_stage takes it")
    return await run_stage(name, context, validate_deps)


async def run_stage_sequence(
    stages: Sequence[str | int], context: StageContext, stop_on_error: bool = True
) -> list[StageResult]:
    """Run stages one after the other; the results of those that were run. Stops at the first that
    fails, unless told otherwise. Raises as `run_stage`, before anything starts, and for stages that
    are not in the order of the graph."""
    async with _engine(context) as engine:
        given = [str(each) for each in stages]
        return [each async for each in run_sequence(engine, given, context, stop=stop_on_error)]


async def run_sequence(
    engine: Engine, stages: Sequence[str], context: StageContext, *, stop: bool
) -> AsyncIterator[StageResult]:
    """The same on an open engine; each result as soon as it is there."""
    await check_sequence(engine, stages, context)
    for each in stages:
        result = await _run(engine, each, context, check=False)
        yield result
        if stop and result.status == "failed":
            return


async def retry_failed_stage(stage: str | int, context: StageContext) -> StageResult:
    """Run a stage for what failed there, as if never tried. Raises as `run_stage`."""
    async with _engine(context) as engine:
        return await _run(engine, str(stage), context, check=True, failed=True)


async def check_sequence(engine: Engine, stages: Sequence[str], context: StageContext) -> None:
    """Raise InputError where one of the stages could not be run in this order."""
    if not stages:
        raise InputError("name a stage, by name or number")
    run = await engine.orchestrator.find(context.run_id)
    graph = engine.graph.only(run.route)
    names = [engine.graph[each].name for each in stages]
    order = [stage.name for stage in engine.graph if stage.name in names]
    if names != order:
        raise InputError(f"these stages follow each other as {','.join(order)}: give them so")
    async with engine.database.connection() as connection:
        status = await engine.control.status(connection, run.id)
    for name in names:
        if name not in run.route:
            raise InputError(f"{name} is skipped in this run")
        require(graph, status, name, besides=names[: names.index(name)], flowing=True)


@asynccontextmanager
async def _engine(context: StageContext) -> AsyncIterator[Engine]:
    async with open_engine(context.settings or load_settings(), prepare=True) as engine:
        yield engine


async def _run(
    engine: Engine, given: str, context: StageContext, *, check: bool, failed: bool = False
) -> StageResult:
    run = await engine.orchestrator.find(context.run_id)
    stage = engine.graph[given]
    if not context.limit >= 1:
        raise InputError(f"limit {context.limit} is not 1 or more")
    if stage.unit == "company":
        await _check_domains(engine, run, context.domains)
    began = time.monotonic()
    try:
        if context.dry_run:
            result = await _try(engine, run, stage, context, check=check)
        else:
            result = await _work(engine, run, stage, context, check=check, failed=failed)
    except InputError:
        raise
    except (SluiceError, OSError) as error:
        took = time.monotonic() - began
        return StageResult(stage.number, stage.name, "failed", took, {}, str(error))
    problem = _problem(result, engine.settings.allowed_failures)
    status = "failed" if problem else "complete"
    took = time.monotonic() - began
    return StageResult(stage.number, stage.name, status, took, result, problem)


async def _check_domains(engine: Engine, run: Run, domains: Sequence[str]) -> None:
    """Raise UnknownName for one that no company of the run has."""
    if domains:
        rows = await engine.database.fetch(query("records.domains"), run.id)
        known = {row["domain"] for row in rows}
        if unknown := [each for each in domains if each not in known]:
            raise UnknownName("domain", unknown[0], known)


async def _work(
    engine: Engine,
    run: Run,
    stage: Stage,
    context: StageContext,
    *,
    check: bool = True,
    failed: bool = False,
) -> dict[str, Any]:
    """Run a stage of a run here, to the end of what was chosen; what came of it."""
    hands = Hands(engine.control, engine.orchestrator, engine.graph)
    hand = await hands.take(run.id, stage.name, context.selection, check=check, failed=failed)
    if hand.items != ():
        jobs = _Jobs(engine.database, run.id, hands, hand)
        async with open_tools(engine.settings, engine.database, engine.budget) as tools:
            await engine.worker([], tools, queue=jobs).run(until=jobs.over)
    items = None if hand.items is None else list(hand.items)
    rows = await engine.database.fetch(query("items.outcomes"), run.id, stage.name, items)
    marked = [name for name in hand.marked if name != stage.name]
    return _summary(stage, rows, context) | {"marked": marked, "dry_run": False}


class _Jobs(Queue):
    """Gives a worker the open items of one stage instead of jobs."""

    def __init__(self, database: Database, run_id: UUID, hands: Hands, hand: Hand) -> None:
        super().__init__(database)
        self._run_id = run_id
        self._hands = hands
        self._hand = hand
        self._given: Counter[int] = Counter()

    async def over(self) -> bool:
        """Whether the stage is through with what was chosen; a next batch of it counts."""
        if await self._waiting():
            return False
        await self._hands.conclude(self._run_id, self._hand.stage)
        return not await self._waiting()

    async def _waiting(self) -> list[Any]:
        """Open items that were not taken too often."""
        rows = await self._hands.open(self._database, self._run_id, self._hand)
        return [row for row in rows if self._given[row["id"]] < _GIVEN]

    async def fetch(self, stages: object, worker_id: int) -> Job | None:
        """What is due now."""
        due = [
            row["id"]
            for row in await self._waiting()
            if row["state"] == "ready" and row["due"] == 0
        ]
        self._given.update(due)
        return Job(self._hand.stage.name, tuple(due), by_hand=True) if due else None

    async def next_due(self, stages: object) -> float | None:
        """In how many seconds something is due."""
        return min((r["due"] for r in await self._waiting() if r["state"] == "ready"), default=None)

    async def finish(self, job_id: int) -> None:
        """Nothing to forget."""

    async def hand_back(self, job_id: int, seconds: float) -> None:
        """Nothing to give back."""


async def _try(
    engine: Engine, run: Run, stage: Stage, context: StageContext, *, check: bool
) -> dict[str, Any]:
    """Call the handlers, and undo what they write."""
    async with open_undone(engine.database) as undone, AsyncScratch() as folder:
        control, graph = engine.control, engine.graph.only(run.route)
        if stage.name not in run.route:
            raise InputError(f"{stage.name} is skipped in this run")
        if check:
            status = await control.status(undone, run.id)
            require(graph, status, stage.name, flowing=True)
        request = replace(run.request, output_dir=folder, archive_dir="")
        works = await _works(control, undone, replace(run, request=request), stage, context)
        purse = Purse(undone, engine.orchestrator)
        async with open_tools(engine.settings, undone, purse) as tools:
            slots = asyncio.Semaphore(engine.settings.concurrency)
            outcomes = await asyncio.gather(*(_handle(stage, each, tools, slots) for each in works))
        rows = [_row(each, outcome) for each, outcome in zip(works, outcomes, strict=True)]
        said = json.dumps(_summary(stage, rows, context), default=str)
        plain: dict[str, Any] = json.loads(said.replace(folder, run.request.output_dir))
        return plain | {"marked": [], "dry_run": True}


class AsyncScratch(tempfile.TemporaryDirectory[str]):
    """A folder for files that nobody wants."""

    async def __aenter__(self) -> str:
        return self.__enter__()

    async def __aexit__(self, *error: object) -> None:
        self.cleanup()


async def _works(
    control: Any, database: Database, run: Run, stage: Stage, context: StageContext
) -> list[Work]:
    """What a handler would get now: what is due, else what was done before."""
    if stage.unit != "company":
        return [Work(0, stage.name, 1, run, input={"cursor": None, "size": context.limit})]
    for states in (("ready", "leased"), ("done", "skipped", "review", "failed", "quarantined")):
        chosen = await control.chosen(database, run, stage, states, context.selection)
        if chosen:
            ids = [row["id"] for row in chosen]
            async with database.connection() as connection:
                again = [row["company_id"] for row in chosen]
                await control.mark(connection, run, stage, "tried by hand", again)
            rows = await database.fetch(query("items.works"), ids)
            return [
                Work(row["item_id"], stage.name, row["attempt"] + 1, run, company_of(row),
                     row["batch"], row["input"] or {})
                for row in rows
            ]  # fmt: skip
    return []


async def _handle(stage: Stage, given: Work, tools: Any, slots: asyncio.Semaphore) -> Outcome:
    async with slots:
        try:
            async with asyncio.timeout(stage.timeout):
                return await stage.handle(given, tools)
        except Exception as error:
            return failure_of(error)


def _row(given: Work, outcome: Outcome) -> dict[str, Any]:
    company = given.company
    return {
        "state": _WORDS[type(outcome)],
        "cause": getattr(outcome, "cause", None),
        "reason": getattr(outcome, "reason", None),
        "result": getattr(outcome, "result", None),
        "company": (company.domain or company.name) if company else "",
    }


def _summary(stage: Stage, rows: Sequence[Any], context: StageContext) -> dict[str, Any]:
    """Items by outcome, what the stage counted, and why the rest did not pass."""
    states = Counter(row["state"] for row in rows)
    counted: Counter[str] = Counter()
    for row in rows:
        counted.update((row["result"] or {}).get("counts", {}))
    causes = Counter(row["cause"] for row in rows if row["cause"] and row["state"] != "done")
    summary: dict[str, Any] = {
        "items": {"total": len(rows), **states},
        "statistics": dict(counted) or {"total": len(rows), **states},
        "causes": dict(causes.most_common()),
    }
    if stage.unit != "company" and rows:
        summary["said"] = rows[0]["result"]
        summary["reason"] = rows[0]["reason"]
    if context.verbose:
        names = ("company", "state", "cause", "reason")
        summary["companies"] = [{name: row[name] for name in names} for row in rows]
    return summary


def _problem(result: dict[str, Any], allowed: float) -> str | None:
    """Why a stage counts as failed: more of its items failed, or are left open, than allowed."""
    found = result["items"]
    failed = found.get("failed", 0) + found.get("quarantined", 0)
    left = found.get("ready", 0) + found.get("leased", 0) + found.get("put_off", 0)
    if failed + left <= allowed * found["total"]:
        return None
    said = [f"{failed} of {found['total']} failed"] if failed else []
    said += [f"{left} of {found['total']} are left"] if left else []
    why = result.get("reason") or listed(list(result["causes"])[:3])
    return f"{listed(said)}: {why}" if why else listed(said)
