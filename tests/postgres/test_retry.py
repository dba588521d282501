"""`retry` puts back what failed, and nothing else runs again."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from app.errors import InputError
from app.pipeline.graph import Graph
from app.pipeline.outcomes import Done, Fail, Outcome, Records
from app.pipeline.stage import Work
from app.wiring import Engine
from tests.factories import a_request, a_stage, evidence
from tests.postgres.conftest import discover, eventually, nothing, working

Opened = Callable[[Graph], Awaitable[Engine]]


@dataclass
class Stages:
    """Handlers that fail for good what stands in `broken`, and count every call."""

    broken: set[str] = field(default_factory=set)
    calls: Counter[str] = field(default_factory=Counter)

    async def handle(self, work: Work, tools: Any) -> Outcome:
        name = f"{work.stage} {work.company.domain}" if work.company else work.stage
        self.calls[name] += 1
        fact = Records(evidence=(evidence("email", f"jo@{name.split()[-1]}"),))
        if name in self.broken:
            return Fail("not_found", "404", temporary=False, records=fact)
        if work.stage == "discovery":
            return await discover(work, tools)
        return Done(fact) if work.company else Done()

    @property
    def graph(self) -> Graph:
        return Graph.of(
            [
                a_stage("intake", 0, nothing, unit="run"),
                a_stage("discovery", 3, self.handle, ["intake"], unit="run", batches=True),
                a_stage("company_research", 4, self.handle, ["discovery"]),
                a_stage("contact_research", 6, self.handle, ["company_research"]),
                a_stage("export", 9, self.handle, ["contact_research"], unit="run"),
            ]
        )


async def _over(engine: Engine, run_id: UUID) -> str:
    """Work until the run is over; how it ended."""
    async with working(engine):
        ended = "SELECT status FROM runs WHERE id = $1 AND finished_at IS NOT NULL"
        status: str = await eventually(lambda: engine.database.fetchval(ended, run_id))
    return status


async def _rows(engine: Engine, what: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await engine.database.fetch(what)]


async def test_only_what_failed_runs_again_and_the_files_are_written_again(opened: Opened) -> None:
    stages = Stages({"company_research c2.example", "contact_research c5.example"})
    engine = await opened(stages.graph)
    run = await engine.orchestrator.create(a_request(target_quantity=30))
    assert await _over(engine, run.id) == "completed"
    before, log = stages.calls.copy(), await _rows(engine, "SELECT * FROM stage_log ORDER BY id")
    stages.broken.clear()

    counts = await engine.control.retry(run.id)
    again = await engine.control.retry(run.id)
    moved = await _rows(engine, "SELECT stage, status FROM stages ORDER BY position")
    ended = await _over(engine, run.id)

    assert (counts, again) == ({"company_research": 1, "contact_research": 1}, {})
    assert moved == [
        ("intake", "complete"),
        ("discovery", "complete"),
        ("company_research", "running"),
        ("contact_research", "running"),
        ("export", "needs_rerun"),
    ]
    assert ended == "completed"
    assert stages.calls - before == {
        "company_research c2.example": 1,
        "contact_research c2.example": 1,
        "contact_research c5.example": 1,
        "export": 1,
    }
    assert (await _rows(engine, "SELECT * FROM stage_log ORDER BY id"))[: len(log)] == log
    assert await _rows(engine, "SELECT DISTINCT status FROM companies") == [("ready",)]
    assert await _rows(engine, "SELECT max(attempt), max(lost) FROM items") == [(1, 0)]
    doubled = "SELECT FROM evidence GROUP BY company_id, stage, field, value HAVING count(*) > 1"
    assert await _rows(engine, doubled) == []


async def test_one_item_or_one_cause_or_one_stage_is_retried_and_the_rest_stays(
    opened: Opened,
) -> None:
    broken = {f"company_research c{n}.example" for n in (1, 2, 3)}
    stages = Stages(broken | {"contact_research c4.example"})
    engine = await opened(stages.graph)
    run = await engine.orchestrator.create(a_request(target_quantity=30))
    await _over(engine, run.id)
    await engine.database.fetch("UPDATE items SET cause = 'timeout' WHERE state = 'failed'"
                                " AND company_id = (SELECT min(id) FROM companies)")  # fmt: skip
    failed = "SELECT id FROM items WHERE state = 'failed' ORDER BY id"
    ids = [row[0] for row in await _rows(engine, failed)]
    retry = engine.control.retry

    assert await retry(run.id, item_id=ids[1]) == {"company_research": 1}
    assert await retry(run.id, cause="timeout") == {"company_research": 1}
    assert await retry(run.id, stage="contact_research") == {"contact_research": 1}
    assert await retry(run.id, item_id=ids[0], stage="export") == {}
    assert [row[0] for row in await _rows(engine, failed)] == [ids[2]]


async def test_a_run_that_a_stage_failed_goes_on_from_there(opened: Opened) -> None:
    stages = Stages({"export", "company_research c2.example"})
    engine = await opened(stages.graph)
    run = await engine.orchestrator.create(a_request(target_quantity=30))
    assert await _over(engine, run.id) == "failed"
    before = stages.calls.copy()
    stages.broken.clear()

    counts = await engine.control.retry(run.id)
    ended = await _over(engine, run.id)

    assert (counts, ended) == ({"company_research": 1, "export": 1}, "completed")
    research = {"company_research c2.example": 1, "contact_research c2.example": 1}
    assert stages.calls - before == research | {"export": 1}
    assert await _rows(engine, "SELECT notes, finished_at IS NULL FROM runs") == [([], False)]
    assert await _rows(engine, "SELECT FROM items WHERE state IN ('failed', 'ready')") == []


async def test_what_was_left_when_discovery_failed_goes_on_with_it(opened: Opened) -> None:
    """Discovery brings a second batch, which fails, while companies of the first are open."""
    stages = Stages()
    engine = await opened(stages.graph)
    run = await engine.orchestrator.create(a_request(target_quantity=30))
    async with working(engine):
        over = "SELECT status = 'completed' FROM runs"
        await eventually(lambda: engine.database.fetchval(over))
    await engine.database.fetch("""
        WITH d AS (UPDATE items SET state = 'failed', cause = 'x', reason = 'x'
                   WHERE stage = 'discovery'),
        s AS (UPDATE stages SET status = 'failed', error = 'x' WHERE stage = 'discovery'),
        e AS (UPDATE stages SET status = 'pending', completed_at = NULL WHERE stage = 'export'),
        r AS (UPDATE runs SET status = 'failed', finished_at = now())
        UPDATE items SET state = 'skipped', cause = 'run_failed'
        WHERE stage IN ('contact_research', 'export')
    """)
    before = stages.calls.copy()

    await engine.database.fetch(
        "UPDATE items SET state = 'failed' WHERE id ="
        " (SELECT min(id) FROM items WHERE stage = 'company_research')"
    )
    with pytest.raises(InputError, match="because stage discovery failed; put back all of it"):
        await engine.control.retry(run.id, stage="company_research")
    counts = await engine.control.retry(run.id)
    ended = await _over(engine, run.id)

    assert (counts, ended) == ({"discovery": 1, "company_research": 1}, "completed")
    calls = stages.calls - before
    assert calls.pop("discovery") == 1
    assert calls.pop("company_research c1.example") == 1
    assert calls.pop("export") == 1
    assert calls == {f"contact_research c{n}.example": 1 for n in range(1, 31)}


async def test_what_was_quarantined_runs_alone(opened: Opened) -> None:
    stages = Stages({"company_research c2.example", "company_research c5.example"})
    engine = await opened(stages.graph)
    run = await engine.orchestrator.create(a_request(target_quantity=30))
    await _over(engine, run.id)
    await engine.database.fetch(
        "UPDATE items SET state = 'quarantined', lost = 3 WHERE id ="
        " (SELECT min(id) FROM items WHERE state = 'failed')"
    )
    stages.broken.clear()

    counts = await engine.control.retry(run.id)

    jobs = "SELECT args ? 'alone', count(*) FROM procrastinate_jobs GROUP BY 1 ORDER BY 1"
    assert counts == {"company_research": 2}
    assert await _rows(engine, jobs) == [(False, 1), (True, 1)]
    assert await _over(engine, run.id) == "completed"
    assert await _rows(engine, "SELECT DISTINCT status FROM companies") == [("ready",)]


async def test_a_cancelled_run_is_not_retried(opened: Opened) -> None:
    stages = Stages({"company_research c1.example"})
    engine = await opened(stages.graph)
    run = await engine.orchestrator.create(a_request(target_quantity=30))
    await _over(engine, run.id)
    await engine.database.fetch("UPDATE runs SET status = 'cancelled'")

    with pytest.raises(InputError, match="cancelled and cannot become active"):
        await engine.control.retry(run.id)

    assert await _rows(engine, "SELECT count(*) FROM items WHERE state = 'failed'") == [(1,)]
