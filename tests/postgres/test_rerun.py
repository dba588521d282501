"""Rerun: what is marked is done again with all that needs it, and nothing else."""

import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import pytest

from app.db.records import load_evidence
from app.errors import InputError
from app.pipeline.graph import Graph
from app.pipeline.outcomes import Done, Fail, Outcome, Records, Skip
from app.pipeline.phases import Phases, settled
from app.pipeline.stage import Work
from app.pipeline.states import STAGE_MOVES
from app.records.criteria import Criteria
from app.wiring import Engine
from tests.factories import a_request, a_stage, evidence
from tests.postgres.conftest import discover, eventually, nothing, working

Opened = Callable[[Graph], Awaitable[Engine]]


@dataclass
class Stages:
    """intake -> discovery -> research -> people -> export; every call is counted, and every
    company stage states a fact. What stands in `out` is rejected there."""

    calls: Counter[str] = field(default_factory=Counter)
    out: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)

    async def handle(self, work: Work, tools: Any) -> Outcome:
        if work.stage in self.broken:
            return Fail("gone", "it is gone", temporary=False)
        if work.stage == "discovery":
            self.calls["discovery"] += 1
            return await discover(work, tools)
        name = f"{work.stage} {work.company.domain}" if work.company else work.stage
        self.calls[name] += 1
        if name in self.out:
            return Skip("wrong_place", "not there")
        fact = evidence("email", f"{work.stage}@{name.split()[-1]}", subject="jo")
        return Done(Records(evidence=(fact,))) if work.company else Done()

    @property
    def graph(self) -> Graph:
        return Graph.of(
            [
                a_stage("intake", 0, nothing, unit="run", reads=("sources",)),
                a_stage("discovery", 3, self.handle, ["intake"], unit="run", batches=True,
                        reads=("criteria",)),
                a_stage("research", 4, self.handle, ["discovery"], reads=("criteria", "icp")),
                a_stage("people", 6, self.handle, ["research"], reads=("contacts_min",)),
                a_stage("export", 9, self.handle, ["people"], unit="run",
                        reads=("target_quantity",)),
            ]
        )  # fmt: skip

    def since(self, before: Counter[str]) -> dict[str, int]:
        """Calls since then, of company stages by stage."""
        new = Counter[str]()
        for name, count in (self.calls - before).items():
            new[name.split()[0]] += count
        return dict(new)


async def _until(engine: Engine, run_id: UUID, status: str = "completed") -> None:
    async with working(engine):
        wanted = "SELECT true FROM runs WHERE id = $1 AND status = $2"
        await eventually(lambda: engine.database.fetchval(wanted, run_id, status))


async def _rows(engine: Engine, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await engine.database.fetch(sql)]


async def _completed(opened: Opened, stages: Stages, **request: Any) -> tuple[Engine, UUID]:
    engine = await opened(stages.graph)
    run = await engine.control.create(a_request(**({"target_quantity": 10} | request)))
    await _until(engine, run.id)
    return engine, run.id


FACTS = "SELECT company_id, stage, value FROM evidence WHERE subject = 'jo' ORDER BY 1, 2, 3"
READY = "SELECT domain FROM companies WHERE status = 'ready' ORDER BY ordinal"


async def test_one_company_is_done_again_with_all_that_follows_and_nobody_else(
    opened: Opened,
) -> None:
    stages = Stages()
    engine, run = await _completed(opened, stages)
    before, facts, ready = (
        stages.calls.copy(),
        await _rows(engine, FACTS),
        await _rows(engine, READY),
    )

    marked = await engine.control.rerun(run, "4", "the site is new", ["c3.example"])
    states = await _rows(engine, "SELECT stage, status FROM stages ORDER BY position")
    await engine.control.resume(run)
    await _until(engine, run)

    assert marked.sentence() == "the site is new: research, people and export again for 1 company"
    assert [status for _, status in states] == ["complete", "complete", *["needs_rerun"] * 3]
    assert stages.since(before) == {"research": 1, "people": 1, "export": 1}
    assert await _rows(engine, FACTS) == facts
    assert await _rows(engine, READY) == ready
    assert await engine.control.resume(run) is not None
    assert stages.since(before) == {"research": 1, "people": 1, "export": 1}
    [event] = await _rows(engine, "SELECT data FROM events WHERE what = 'rerun_marked'")
    assert event[0]["reason"] == "the site is new"


async def test_a_stage_that_runs_again_does_not_see_what_it_said_the_last_time(
    opened: Opened,
) -> None:
    seen: list[tuple[str, ...]] = []
    known: list[tuple[str, str, str, int | None]] = []

    async def research(work: Work, tools: Any) -> Outcome:
        assert work.company is not None
        stated = await load_evidence(engine.database, work.company.id)
        seen.append(tuple(fact.field for fact in stated))
        company = work.company
        known.append((company.name, company.phone, company.pms_detected, company.units_estimate))
        learned = replace(company, name="X", phone="1", pms_detected="Buildium", units_estimate=9)
        facts = (evidence("company_name", "X"), evidence("phone", "1"),
                 evidence("pms_detected", "Buildium"), evidence("units_estimate", "9"))  # fmt: skip
        return Done(Records(company=learned, evidence=tuple(f for f in facts if f not in stated)))

    async def behind(work: Work, tools: Any) -> Outcome:
        return Done(Records(evidence=(evidence("phone", "1"),)))

    engine = await opened(
        Graph.of(
            [
                a_stage("intake", 0, nothing, unit="run"),
                a_stage("discovery", 3, discover, ["intake"], unit="run", batches=True),
                a_stage("research", 4, research, ["discovery"]),
                a_stage("people", 6, behind, ["research"]),
            ]
        )
    )
    run = await engine.control.create(a_request(target_quantity=1))
    await _until(engine, run.id)

    await engine.control.rerun(run.id, "research", "once more")
    await engine.control.resume(run.id)
    await _until(engine, run.id)

    assert set(seen) == {("company_name", "domain")}
    assert sorted(known) == sorted(2 * [(f"Company {n}", "", "", None) for n in range(1, 5)])
    facts = "SELECT count(*) FROM evidence WHERE stage <> 'discovery'"
    assert await _rows(engine, facts) == [(4 * 5,)]


async def test_a_company_that_is_rejected_this_time_goes_no_further(opened: Opened) -> None:
    stages = Stages()
    engine, run = await _completed(opened, stages)
    stages.out = {"research c2.example"}

    await engine.control.rerun(run, "research", "moved away")
    await engine.control.resume(run)
    await _until(engine, run)

    assert stages.calls["research c2.example"] == 2
    assert stages.calls["people c2.example"] == 1
    assert ("c2.example",) not in await _rows(engine, READY)


async def test_a_stage_of_the_whole_run_is_done_again_from_the_beginning(opened: Opened) -> None:
    stages = Stages()
    engine, run = await _completed(opened, stages)
    before, facts = stages.calls.copy(), await _rows(engine, FACTS)

    marked = await engine.control.rerun(run, "discovery", "a new list")
    await engine.control.resume(run)
    await _until(engine, run)

    assert marked.companies == 14
    assert stages.since(before) == {"discovery": 1, "research": 14, "people": 14, "export": 1}
    assert await _rows(engine, FACTS) == facts


async def test_a_run_that_failed_goes_on_when_the_stage_is_marked(opened: Opened) -> None:
    stages = Stages(broken={"export"})
    engine = await opened(stages.graph)
    run = await engine.control.create(a_request(target_quantity=5))
    await _until(engine, run.id, "failed")
    resumed, _ = await engine.control.resume(run.id)
    assert resumed.status == "failed"
    stages.broken.clear()

    await engine.control.rerun(run.id, "export", "the disk is back")
    await engine.control.resume(run.id)
    await _until(engine, run.id)

    assert await _rows(engine, "SELECT notes FROM runs") == [([],)]
    assert stages.calls["research c1.example"] == 1


@pytest.mark.parametrize(
    ("change", "sentence", "calls"),
    [
        ({}, "", {}),
        ({"criteria": Criteria(state="TX")}, "criteria changed: discovery",
         {"discovery": 1, "research": 14, "people": 14, "export": 1}),
        ({"icp_text": "other rules"}, "icp changed: research",
         {"research": 14, "people": 14, "export": 1}),
        ({"contacts_min": 2}, "contacts_min changed: people", {"people": 14, "export": 1}),
        ({"target_quantity": 5}, "target_quantity changed: export", {"export": 1}),
        ({"target_quantity": 20}, "target_quantity changed: export",
         {"discovery": 1, "research": 10, "people": 10, "export": 1}),
        ({"notify_email": "jo@list.example"}, "", {}),
    ],
)  # fmt: skip
async def test_what_changed_marks_what_reads_it_and_nothing_else_is_done_again(
    opened: Opened, change: dict[str, Any], sentence: str, calls: dict[str, int]
) -> None:
    stages = Stages()
    engine, run = await _completed(opened, stages)
    before = stages.calls.copy()
    request = replace(a_request(target_quantity=10), **change)

    _, marked = await engine.control.resume(run, request=request)
    await _until(engine, run)

    assert "; ".join(each.sentence() for each in marked).startswith(sentence)
    assert bool(marked) == bool(sentence)
    assert stages.since(before) == calls


async def test_what_cannot_be_marked_is_refused_and_nothing_changes(opened: Opened) -> None:
    engine = await opened(Stages().graph)
    run = await engine.control.create(a_request(), Phases(stop_after="research"))
    await _until(engine, run.id, "paused")
    everything = "SELECT i.*, s.* FROM items i, stages s ORDER BY i.id, s.position"
    before = await _rows(engine, everything)

    for stage, domains, sentence in (
        ("people", (), "stage people is pending and cannot become needs_rerun; it can become: "),
        ("reserch", (), "did you mean 'research'"),
        ("research", ("nobody.example",), "research has not looked at nobody.example in this run"),
        ("discovery", ("c1.example",), "discovery works on the whole run: leave out --domain"),
    ):
        with pytest.raises(InputError, match=sentence):
            await engine.control.rerun(run.id, stage, "why not", domains)

    assert await _rows(engine, everything) == before


async def test_a_stage_done_by_hand_lets_its_companies_go_on(opened: Opened) -> None:
    stages = Stages()
    engine = await opened(stages.graph)
    run = await engine.control.create(a_request(target_quantity=10), Phases(stop_after="discovery"))
    await _until(engine, run.id, "paused")

    await engine.control.set_stage(run.id, "research", "running")
    await engine.control.set_stage(run.id, "research", "complete")
    await engine.control.resume(run.id)
    await _until(engine, run.id)

    assert stages.since(Counter()) == {"discovery": 1, "people": 14, "export": 1}
    assert len(await _rows(engine, READY)) == 14


async def test_a_stage_begun_by_hand_is_the_workers_again_when_the_run_is_resumed(
    opened: Opened,
) -> None:
    stages = Stages()
    engine = await opened(stages.graph)
    run = await engine.control.create(a_request(target_quantity=3), Phases(stop_after="people"))
    await _until(engine, run.id, "paused")
    await engine.control.set_stage(run.id, "export", "running")

    await engine.control.resume(run.id)
    await _until(engine, run.id)

    assert stages.calls["export"] == 1


HAND = ("running", "complete", "failed", "needs_rerun")


@pytest.mark.parametrize("seed", [1, 2])
async def test_any_moves_leave_states_that_fit_the_graph(opened: Opened, seed: int) -> None:
    """500 random moves by hand, legal or not: a refused one changes nothing, and no stage is ever
    complete while one that it needs is not."""
    chance = random.Random(seed)
    stages = Stages()
    engine = await opened(stages.graph)
    run = (await engine.control.create(a_request(target_quantity=2), Phases(stop_after="0"))).id
    await _until(engine, run, "paused")
    graph, refused = stages.graph, 0
    for _ in range(500):
        before = await _status(engine)
        name, new = chance.choice([stage.name for stage in graph]), chance.choice(HAND)
        needs = all(settled(graph[need], before) for need in graph[name].needs)
        legal = new in STAGE_MOVES[before[name]] and (needs or new in ("failed", "needs_rerun"))
        try:
            await engine.control.set_stage(run, name, new)
        except InputError:
            refused += 1
            assert not legal, (name, before[name], new)
            assert await _status(engine) == before
        else:
            assert legal, (name, before[name], new)
            after = await _status(engine)
            assert after[name] == new
            for stage in graph:
                if after[stage.name] == "complete":
                    assert all(settled(graph[need], after) for need in stage.needs), (name, new)
                if stage.name not in (name, *(s.name for s in graph.downstream(name))):
                    assert after[stage.name] == before[stage.name]
    assert 25 < refused < 475


async def _status(engine: Engine) -> dict[str, str]:
    rows = await engine.database.fetch("SELECT stage, status FROM stages ORDER BY position")
    return {row["stage"]: row["status"] for row in rows}
