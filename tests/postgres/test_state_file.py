"""A run travels in a file to another database, and goes on there."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from app.errors import InputError
from app.forget import forget
from app.pipeline.graph import Graph
from app.pipeline.outcomes import Done, Outcome, Records
from app.pipeline.stage import Work
from app.settings import Settings
from app.state_file import load_state, read_state, save_state
from app.wiring import Engine, open_engine
from tests.conftest import _execute, database_named
from tests.factories import a_request, evidence
from tests.postgres.conftest import eventually, graph_with, nothing, working

Opened = Callable[[Graph], Awaitable[Engine]]

FACTS = (
    "SELECT c.ordinal, c.domain, c.status, e.stage, e.field, e.value, e.subject"
    " FROM companies c JOIN evidence e ON e.company_id = c.id ORDER BY 1, 4, 5, 7"
)


async def _research(work: Work, tools: Any) -> Outcome:
    assert work.company is not None
    fact = evidence("email", f"jo@{work.company.domain}", subject="jo")
    return Done(Records(evidence=(fact,)))


@pytest.fixture
async def elsewhere(
    server: str, template: str, settings: Settings
) -> AsyncIterator[Callable[[Graph], Awaitable[Engine]]]:
    """Engines on another database, where ids are others."""
    name = f"elsewhere_{id(settings)}"
    await _execute(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    moved = settings.model_copy(
        update={"database_url": type(settings.database_url)(database_named(server, name))}
    )
    opened = []

    async def open_one(graph: Graph) -> Engine:
        context = open_engine(moved, graph=graph)
        engine = await context.__aenter__()
        opened.append(context)
        await engine.control.create(a_request())  # its ids come first
        return engine

    yield open_one
    for context in opened:
        await context.__aexit__(None, None, None)
    await _execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


async def _rows(engine: Engine, run_id: Any) -> list[tuple[Any, ...]]:
    sql = FACTS.replace("ORDER", "WHERE c.run_id = $1 ORDER")
    return [tuple(row) for row in await engine.database.fetch(sql, run_id)]


async def _end(engine: Engine, run_id: Any) -> None:
    async with working(engine):
        done = "SELECT true FROM runs WHERE id = $1 AND status = 'completed'"
        await eventually(lambda: engine.database.fetchval(done, run_id))


async def test_a_run_that_was_cut_off_ends_elsewhere_with_the_same_rows(
    opened: Opened, elsewhere: Opened, tmp_path: Path
) -> None:
    gate, begun = asyncio.Event(), list[str]()

    async def slow(work: Work, tools: Any) -> Outcome:
        assert work.company is not None
        begun.append(work.company.domain)
        if len(begun) > 5:
            await gate.wait()
        return await _research(work, tools)

    here = await opened(graph_with(slow))
    run = await here.control.create(a_request(target_quantity=10))
    file = tmp_path / "run.json"
    async with working(here, 4):
        some = "SELECT count(*) >= 5 FROM items WHERE stage = 'company_research' AND state = 'done'"
        leased = "SELECT count(*) > 0 FROM items WHERE state = 'leased'"
        await eventually(lambda: here.database.fetchval(some))
        await eventually(lambda: here.database.fetchval(leased))
        await save_state(here, run, file, full=True)
        gate.set()
    there = await elsewhere(graph_with(_research))

    loaded = await load_state(there, file)
    await _end(there, loaded.id)
    await _end(here, run.id)

    assert loaded.id == run.id
    assert file.stat().st_mode & 0o777 == 0o600
    assert await _rows(there, run.id) == await _rows(here, run.id)
    assert len(await _rows(there, run.id)) == 3 * 14


async def test_who_was_forgotten_does_not_come_back_in_a_file(
    opened: Opened, elsewhere: Opened, tmp_path: Path
) -> None:
    here = await opened(graph_with(_research))
    run = await here.control.create(a_request(target_quantity=3))
    await _end(here, run.id)
    await save_state(here, run, tmp_path / "run.json", full=True)
    there = await elsewhere(graph_with(_research))
    await forget(there.database, "jo@c2.example")
    await forget(there.database, "c3.example")

    await load_state(there, tmp_path / "run.json")

    rows = await _rows(there, run.id)
    people = [row[5] for row in rows if row[6]]
    assert {"jo@c1.example", "jo@c4.example"} <= set(people)
    assert not [row for row in rows if "jo@c2.example" in row or "c3.example" in str(row)]


async def test_what_cannot_be_loaded_is_refused_in_a_sentence_and_changes_nothing(
    opened: Opened, elsewhere: Opened, tmp_path: Path
) -> None:
    here = await opened(graph_with(nothing))
    run = await here.control.create(a_request(target_quantity=2))
    await _end(here, run.id)
    brief, full = tmp_path / "brief.json", tmp_path / "full.json"
    await save_state(here, run, brief, full=False)
    await save_state(here, run, full, full=True)
    document = json.loads(full.read_text())
    there = await elsewhere(graph_with(nothing))
    count = "SELECT (SELECT count(*) FROM runs) + (SELECT count(*) FROM items)"
    before = await there.database.fetchval(count)

    for text, sentence in (
        (full.read_text()[:-100], "is damaged or no state file"),
        ("{}", "is no state file of Sluice"),
        ('{"format": "other"}', "is no state file of Sluice"),
        (json.dumps(document | {"version": 2}), "is of version 2, written by Sluice"),
        (json.dumps(document | {"content": {}}), "its checksum does not fit"),
        (full.read_text().replace("Company 1", "Company X"), "its checksum does not fit"),
        (brief.read_text(), "refers to postgresql://"),
    ):
        (tmp_path / "bad.json").write_text(text)
        with pytest.raises(InputError, match=sentence):
            await load_state(there, tmp_path / "bad.json")
    with pytest.raises(InputError, match="No such file"):
        await load_state(there, tmp_path / "nowhere.json")
    with pytest.raises(InputError, match=f"go on with: sluice resume {run.short_id}"):
        await load_state(here, full)

    assert await there.database.fetchval(count) == before
    assert read_state(brief).content.keys() >= {"stages", "stage_log", "decisions"}
    assert "companies" not in read_state(brief).content
