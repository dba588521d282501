"""A stage by hand: the work of a worker, without a run that is active."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import pytest

from app.by_hand import StageContext, StageResult, run_sequence
from app.db.queries import query
from app.errors import InputError
from app.pipeline.graph import Graph
from app.pipeline.outcomes import Done, Fail, Outcome, Records
from app.pipeline.phases import Phases
from app.pipeline.stage import Work
from app.wiring import Engine
from tests.factories import a_request, a_stage, companies, evidence
from tests.postgres.conftest import eventually, nothing, working

Opened = Callable[[Graph], Awaitable[Engine]]


@dataclass
class Stages:
    """intake -> discovery (6 companies, in two states) -> research -> people -> export; every call
    is counted. Company stages write; export writes to the database by itself."""

    calls: Counter[str] = field(default_factory=Counter)
    broken: set[str] = field(default_factory=set)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def handle(self, work: Work, tools: Any) -> Outcome:
        name = f"{work.stage} {work.company.domain}" if work.company else work.stage
        self.calls[name] += 1
        if work.stage == "discovery":
            found = tuple(
                replace(each, company=replace(each.company, state="WV" if n % 2 else "TX"))
                for n, each in enumerate(companies(6), 1)
            )
            return Done(Records(found=found), {"exhausted": True})
        await self.gate.wait()
        if name in self.broken:
            return Fail("gone", "it is gone", temporary=False)
        if work.stage == "export":
            if tools is not None:  # by hand
                await tools.database.fetch(query("runs.add_note"), work.run.id, "exported")
            return Done(result={"rows": 6})
        fact = evidence("email", f"jo@{name.split()[-1]}", subject="jo")
        return Done(Records(evidence=(fact,)), {"counts": {"ready": 1}})

    @property
    def graph(self) -> Graph:
        return Graph.of(
            [
                a_stage("intake", 0, nothing, unit="run"),
                a_stage("discovery", 3, self.handle, ["intake"], unit="run", batches=True),
                a_stage("research", 4, self.handle, ["discovery"]),
                a_stage("people", 6, self.handle, ["research"]),
                a_stage("export", 9, self.handle, ["people"], unit="run"),
            ]
        )


async def _stopped(opened: Opened, stages: Stages, after: str) -> tuple[Engine, str]:
    """A run that stopped after a stage, and its id."""
    engine = await opened(stages.graph)
    run = await engine.control.create(a_request(target_quantity=6), Phases(stop_after=after))
    await _until(engine, run.id, "paused")
    return engine, str(run.id)


async def _until(engine: Engine, run_id: UUID, status: str) -> None:
    async with working(engine):
        wanted = "SELECT true FROM runs WHERE id = $1 AND status = $2"
        await eventually(lambda: engine.database.fetchval(wanted, run_id, status))


async def _by_hand(
    engine: Engine, stages: str, run: str, *, stop: bool = True, **given: Any
) -> list[StageResult]:
    context = StageContext(run, **given)
    results = run_sequence(engine, stages.split(","), context, stop=stop)
    return [each async for each in results]


async def _rows(engine: Engine, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await engine.database.fetch(sql)]


STATES = "SELECT stage, status FROM stages ORDER BY position"


async def test_stages_in_a_row_by_hand_end_as_a_run_does(opened: Opened) -> None:
    stages = Stages()
    engine, run = await _stopped(opened, stages, "discovery")

    results = await _by_hand(engine, "4,people,9", run)

    assert [(r.stage, r.name, r.status) for r in results] == [
        (4, "research", "complete"), (6, "people", "complete"), (9, "export", "complete"),
    ]  # fmt: skip
    assert results[0].result["statistics"] == {"ready": 6}
    assert results[2].result["said"] == {"rows": 6}
    assert {status for _, status in await _rows(engine, STATES)} == {"complete"}
    ready = "SELECT count(*) FROM companies WHERE status = 'ready'"
    assert await engine.database.fetchval(ready) == 6
    await engine.control.resume(UUID(run))
    await _until(engine, UUID(run), "completed")
    assert set(stages.calls.values()) == {1}


async def test_only_the_chosen_companies_are_worked_on_and_the_rest_later(opened: Opened) -> None:
    stages = Stages()
    engine, run = await _stopped(opened, stages, "discovery")

    [first] = await _by_hand(engine, "research", run, state="wv", limit=2)
    [second] = await _by_hand(engine, "people", run, domains=("c1.example",), verbose=True)
    [third] = await _by_hand(engine, "research", run)

    assert first.result["items"]["total"] == 2
    assert second.result["companies"] == [
        {"company": "c1.example", "state": "done", "cause": None, "reason": None}
    ]
    assert third.result["items"]["total"] == 4
    assert stages.calls == Counter(
        {"discovery": 1, "people c1.example": 1}
        | {f"research c{n}.example": 1 for n in range(1, 7)}
    )


async def test_what_was_done_is_done_again_and_what_follows_is_marked(opened: Opened) -> None:
    stages = Stages()
    engine = await opened(stages.graph)
    run = await engine.control.create(a_request(target_quantity=6))
    await _until(engine, run.id, "completed")

    [result] = await _by_hand(engine, "4", str(run.id), domains=("c2.example",))
    after = dict(await _rows(engine, STATES))
    await engine.control.resume(run.id)
    await _until(engine, run.id, "completed")

    assert result.result["marked"] == ["people", "export"]
    assert (after["research"], after["people"]) == ("complete", "needs_rerun")
    again = {name for name, count in stages.calls.items() if count == 2}
    assert again == {"research c2.example", "people c2.example", "export"}


async def test_a_company_at_which_a_stage_fails_stays_where_it_was(opened: Opened) -> None:
    stages = Stages(broken={"people c1.example"})
    engine, run = await _stopped(opened, stages, "research")

    results = await _by_hand(engine, "people,export", run)

    [only] = results
    assert (only.status, only.error_message) == ("failed", "1 of 6 failed: gone")
    where = "SELECT current_stage, status FROM companies WHERE domain = 'c1.example'"
    assert await _rows(engine, where) == [("research", "failed")]
    assert len(await _by_hand(engine, "people,export", run, stop=False)) == 2


async def _digest(engine: Engine) -> dict[str, str]:
    """What every table holds."""
    tables = await engine.database.fetch(
        "SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'r'"
        " AND relnamespace IN ('sluice'::regnamespace, 'procrastinate'::regnamespace)"
    )
    text = "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} t"
    return {row["name"]: await engine.database.fetchval(text.format(row["name"])) for row in tables}


async def test_a_dry_run_does_the_work_and_leaves_the_database_as_it_was(opened: Opened) -> None:
    stages = Stages(broken={"research c3.example"})
    engine, run = await _stopped(opened, stages, "discovery")
    before = await _digest(engine)

    [research] = await _by_hand(engine, "research", run, dry_run=True)
    with pytest.raises(InputError, match="export needs people to be complete first"):
        await _by_hand(engine, "export", run, dry_run=True)
    await _by_hand(engine, "research,people,export", run, dry_run=True, stop=False)

    assert await _digest(engine) == before
    assert research.result["items"] == {"total": 6, "done": 5, "failed": 1}
    assert research.result["dry_run"]
    assert stages.calls["research c1.example"] == 2
    assert stages.calls["export"] == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("people", "people needs research to be complete first"),
        ("4,9", "export needs people to be complete first"),
        ("people,research", "these stages follow each other as research,people: give them so"),
        ("reserch", "did you mean 'research'"),
    ],
)
async def test_what_cannot_be_run_is_refused_before_anything_starts(
    opened: Opened, given: str, sentence: str
) -> None:
    stages = Stages()
    engine, run = await _stopped(opened, stages, "discovery")
    before = await _digest(engine)

    with pytest.raises(InputError, match=sentence):
        await _by_hand(engine, given, run)

    assert await _digest(engine) == before


@pytest.mark.parametrize("dry", [True, False])
async def test_a_domain_that_the_run_does_not_have_is_refused(opened: Opened, dry: bool) -> None:
    engine, run = await _stopped(opened, Stages(), "discovery")
    before = await _digest(engine)

    with pytest.raises(InputError, match=r"unknown domain 'c9.example': did you mean"):
        await _by_hand(engine, "research", run, domains=("c9.example",), dry_run=dry)

    assert await _digest(engine) == before


async def test_a_hand_that_dies_loses_nothing_and_workers_beside_it_harm_nothing(
    opened: Opened,
) -> None:
    stages = Stages()
    engine, run = await _stopped(opened, stages, "discovery")
    stages.gate.clear()
    hand = asyncio.create_task(_by_hand(engine, "research", run))
    await eventually(lambda: engine.database.fetchval(
        "SELECT count(*) = 6 FROM items WHERE state = 'leased'"))  # fmt: skip
    hand.cancel()
    await asyncio.wait([hand])
    stages.gate.set()
    left = "SELECT count(*) FROM items WHERE stage = 'research' AND state = 'ready' AND attempt = 0"
    assert await engine.database.fetchval(left) == 6

    await engine.control.resume(UUID(run))
    async with working(engine):
        [result] = await _by_hand(engine, "research", run)
        await eventually(lambda: engine.database.fetchval(
            "SELECT true FROM runs WHERE status = 'completed'"))  # fmt: skip

    assert result.status == "complete"
    doubled = (
        "SELECT 1 FROM evidence WHERE subject = 'jo' GROUP BY company_id, stage HAVING count(*) > 1"
    )
    assert await _rows(engine, doubled) == []
    ready = "SELECT count(*) FROM companies WHERE status = 'ready'"
    assert await engine.database.fetchval(ready) == 6
