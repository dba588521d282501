"""The report of a run, and where its companies stand."""

import json
import re
from decimal import Decimal
from html.parser import HTMLParser
from uuid import UUID

import pytest

from app import registry
from app.db.pool import Database
from app.db.queries import query
from app.orchestrator import Orchestrator
from app.queue import Queue
from app.records.budget import parse_budget
from app.reports import load_full
from app.wiring import load_graph
from tests.factories import a_request

HOSTILE = "<script>alert(1)</script> | `x` [a](http://x.example) \"'& ${7*7} {{7*7}}"

_FILL = """
WITH made AS (
    INSERT INTO companies (run_id, ordinal, name, domain, current_stage, status, cause, reason)
    SELECT $1, n, CASE n WHEN 1 THEN $3 ELSE 'Company ' || n END,
           CASE n WHEN 1 THEN '' ELSE 'c' || n || '.example' END, 'company_research',
           CASE WHEN n % 10 = 0 THEN 'failed' WHEN n % 10 = 1 THEN 'rejected' ELSE 'open' END,
           CASE WHEN n % 10 = 0 THEN 'timeout' WHEN n % 10 = 1 THEN 'no_website' ELSE '' END,
           CASE WHEN n % 10 = 1 THEN $3 ELSE '' END
    FROM generate_series(1, $2::integer) AS n RETURNING id, ordinal
), worked AS (
    INSERT INTO items (run_id, stage, company_id, state, attempt, cause, reason, started_at)
    SELECT $1, 'company_research', id,
           CASE WHEN ordinal % 10 = 0 THEN 'failed' WHEN ordinal % 10 = 1 THEN 'skipped'
                ELSE 'done' END, 1,
           CASE WHEN ordinal % 10 = 0 THEN 'timeout' END,
           CASE WHEN ordinal % 10 = 0 THEN $3 END, now() - interval '3 hours'
    FROM made RETURNING id, company_id, state, cause, reason
), waiting AS (
    INSERT INTO items (run_id, stage, company_id, available_at)
    SELECT $1, 'contact_research', company_id,
           now() - make_interval(hours => company_id::integer % 50)
    FROM worked WHERE state = 'done' RETURNING id
), paid AS (
    INSERT INTO costs (run_id, stage, item_id, fence, company_id, provider, reserved, settled,
                       state, settled_at)
    SELECT $1, 'company_research', id, 1, company_id, 'verifier', 0.01, 0.008, 'settled', now()
    FROM worked
)
INSERT INTO stage_log (run_id, stage, item_id, attempt, started_at, completed_at, status, cause)
SELECT $1, 'company_research', id, 1, now() - interval '3 hours',
       now() - interval '3 hours' + make_interval(secs => id % 7), state, cause FROM worked
"""


async def a_filled_run(database: Database, companies: int) -> UUID:
    """A run whose companies are researched; nine of ten passed or wait."""
    orchestrator = Orchestrator(database, Queue(database), load_graph())
    run = await orchestrator.create(
        a_request(
            target_quantity=companies,
            budget=parse_budget("500", None, ()),
            max_stage_seconds={"company_research": 60.0},
        )
    )
    await database.fetch(_FILL, run.id, companies, HOSTILE)
    await database.fetch(
        "UPDATE stages SET status = 'running', started_at = now() - interval '3 hours'"
        " WHERE stage IN ('company_research', 'contact_research')"
    )
    async with database.transaction() as connection:
        await orchestrator.pause(connection, run.id, f"budget: {HOSTILE}")
    return run.id


async def test_every_format_says_what_came_of_the_run(database: Database) -> None:
    full = await load_full(database, await a_filled_run(database, 100), load_graph())

    text = {name: registry.load("app.reports", name, "FORMAT")(full) for name in ("md", "html")}
    data = json.loads(registry.load("app.reports", "json", "FORMAT")(full))

    [research] = [time for time in data["stages"] if time["stage"] == "company_research"]
    assert (research["total"], research["success"], research["skipped"]) == (100, 80, 10)
    assert research["pace"]["max"] == 6.0
    assert [time["stage"] for time in data["slow_stages"]] == ["company_research"]
    assert data["costs"][-1] | {"name": ""} == {
        "by": "stage",
        "name": "",
        "calls": 100,
        "settled": "0.800",
        "open": "0",
        "lost": "0",
        "total": "0.800",
        "of_all": 1,
    }
    assert data["graph"]["company_research"] == ["discovery"]
    assert [event["what"] for event in data["history"]] == ["run_created", "run_paused"]
    for page in text.values():
        for said in ("100 asked", "with a site that is too slow", "0.800", "run_paused", "verifier",
                     "more than 60 s", "without a website"):  # fmt: skip
            assert said in page


async def test_names_from_the_web_stay_text_in_every_format(database: Database) -> None:
    full = await load_full(database, await a_filled_run(database, 20), load_graph())

    page = registry.load("app.reports", "html", "FORMAT")(full)
    markdown = registry.load("app.reports", "md", "FORMAT")(full)

    reader = _Reader()
    reader.feed(page)
    assert "script" not in reader.tags
    assert not [name for name in reader.attributes if name.startswith("on")]
    assert not re.search(r"(src|href)=", page)
    assert HOSTILE in " ".join(reader.texts)
    assert "<script>" not in re.sub(r"\\<", "", markdown)
    assert "[a](http" not in markdown
    for block in markdown.split("\n\n"):
        pipes = {len(re.findall(r"(?<!\\)\|", row)) for row in block.splitlines() if row[0] == "|"}
        assert len(pipes) <= 1, block
    assert "alert" in markdown


async def test_companies_are_listed_by_where_they_stand_and_how_long(database: Database) -> None:
    run_id = await a_filled_run(database, 100)

    async def standing(stage: str | None, stuck: float | None) -> list[dict[str, object]]:
        rows = await database.fetch(query("companies.standing"), run_id, stage, stuck, 1000)
        return [dict(row) for row in rows]

    waiting = await standing("contact_research", None)
    stuck = await standing("contact_research", 24 * 3600)
    settled = await standing("company_research", None)

    assert len(waiting) == 80
    assert {row["item"] for row in waiting} == {"ready"}
    assert 0 < len(stuck) < 80
    assert len(settled) == 20
    assert {row["cause"] for row in settled} == {"timeout", "no_website"}
    assert all(row["since"] for row in settled)
    assert len(await standing(None, None)) == 100


async def test_the_views_hold_what_their_names_say(database: Database) -> None:
    await a_filled_run(database, 100)

    async def view(name: str, values: str = "count(*)") -> object:
        return await database.fetchval(f"SELECT {values} FROM v_{name}")

    by_stage = await database.fetch(
        "SELECT stage, status, companies FROM v_companies_by_stage ORDER BY 1, 2"
    )
    assert [tuple(row) for row in by_stage] == [
        ("company_research", "failed", 10),
        ("company_research", "rejected", 10),
        ("contact_research", "open", 80),
    ]
    assert await view("recent_completions") == 80
    assert await view("failed_items") == 10
    assert await view("stuck_items") == await view(
        "stuck_items", "count(*) FILTER (WHERE since < now() - interval '1 day')"
    )
    assert await view("stage_durations", "max(max)") == 6.0


@pytest.mark.parametrize("value", [Decimal("0.10"), None])
def test_a_stage_is_slow_only_beyond_its_limit(value: Decimal | None) -> None:
    from app.report import StageTime

    limit = None if value is None else float(value)
    time = StageTime("x", "complete", None, 0.2, limit, 1, 1, 0, 0, 0, 0)

    assert time.slow is (limit is not None)


class _Reader(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
