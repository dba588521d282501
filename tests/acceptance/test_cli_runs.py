"""Commands that look at runs, end them, and look after the database."""

from collections.abc import AsyncIterator

import pytest

from app.db.queries import query
from app.leader import Lead
from app.settings import Settings
from app.wiring import Engine, open_engine
from tests.acceptance.conftest import Cli
from tests.factories import a_request
from tests.postgres.conftest import eventually, graph_with, nothing, working


@pytest.fixture
async def engine(settings: Settings) -> AsyncIterator[Engine]:
    """An engine on the database of the command line."""
    async with open_engine(settings, graph=graph_with(nothing)) as engine:
        yield engine


async def test_no_runs_and_no_workers_are_said_so(cli: Cli) -> None:
    runs, workers = await cli("runs"), await cli("workers")

    assert runs.out == "no runs yet\n"
    assert workers.out == "no worker runs; start some with: sluice up\n"


async def test_runs_are_listed_newest_first(cli: Cli, engine: Engine) -> None:
    created = [await engine.orchestrator.create(a_request(target_quantity=n)) for n in (5, 6)]

    answer = await cli("runs", "--json")

    assert [each["run"] for each in answer.json["runs"]] == [str(r.id) for r in created[::-1]]
    assert [each["asked"] for each in answer.json["runs"]] == [6, 5]


async def test_the_status_of_a_run_is_found_by_its_first_characters(
    cli: Cli, engine: Engine
) -> None:
    run = await engine.orchestrator.create(a_request(target_quantity=5))

    answer = await cli("status", run.short_id, "--json")

    assert answer.json["status"] == "active"
    assert answer.json["companies"] == {"ready": 0, "gap": 5, "progress_pct": 0.0}
    assert [stage["status"] for stage in answer.json["stages"]] == [
        "running",
        "pending",
        "pending",
        "pending",
    ]


async def test_an_unknown_run_is_2(cli: Cli) -> None:
    answer = await cli("status", "12345678")

    assert answer.code == 2
    assert answer.complaint == "sluice: no run '12345678'; list them with: sluice runs"


async def test_a_cancelled_run_stays_cancelled(cli: Cli, engine: Engine) -> None:
    run = await engine.orchestrator.create(a_request())

    first = await cli("cancel", run.short_id, "--reason", "not needed", "--json")
    again = await cli("cancel", run.short_id)
    status = await cli("status", run.short_id, "--json")

    assert first.json == {"run": str(run.id), "status": "cancelled"}
    assert again.code == 2
    assert status.json["notes"] == ["not needed"]


async def test_resume_of_a_led_run_is_3_and_names_the_leader(cli: Cli, engine: Engine) -> None:
    run = await engine.orchestrator.create(a_request())
    lead = Lead(engine.database, run.id)
    assert await lead.take()

    answer = await cli("resume", run.short_id)

    assert answer.code == 3
    assert f"run {run.short_id} is led by " in answer.complaint
    assert ", pid " in answer.complaint
    await lead.close()


async def test_resume_of_a_finished_run_prints_what_came_of_it(cli: Cli, engine: Engine) -> None:
    run = await engine.orchestrator.create(a_request(target_quantity=5))
    async with working(engine):
        await eventually(
            lambda: engine.database.fetchval("SELECT 1 FROM runs WHERE status = 'completed'")
        )

    answer = await cli("resume", run.short_id)

    assert answer.code == 0
    assert f"run {run.short_id} completed in " in answer.out
    assert "5 asked, 5 delivered" in answer.out


async def test_watch_ends_with_the_run(cli: Cli, engine: Engine) -> None:
    run = await engine.orchestrator.create(a_request(target_quantity=5))
    async with working(engine):
        answer = await cli("watch", run.short_id, "--json")

    assert answer.code == 0
    assert answer.json["delivered"] == 5
    assert answer.events[-1]["event"] == "run"
    assert answer.events[-1]["status"] == "completed"


async def test_what_is_ready_can_be_exported_again_and_elsewhere(cli: Cli, engine: Engine) -> None:
    run = await engine.orchestrator.create(a_request(target_quantity=5))
    async with working(engine):
        await eventually(
            lambda: engine.database.fetchval("SELECT 1 FROM runs WHERE status = 'completed'")
        )

    answer = await cli("export", run.short_id, "--output-dir", "more", "--json")

    files = {each["kind"]: each for each in answer.json["files"]}
    assert {kind: each["rows"] for kind, each in files.items()} == {
        "companies_csv": 5,
        "contacts_csv": 0,
        "manifest": 0,
    }
    assert files["companies_csv"]["path"].startswith(str(cli.folder / "more"))
    assert answer.events[0]["message"] == f"run {run.short_id} is completed: 8 of 5 are ready"


async def test_what_failed_is_listed_and_put_back_and_nothing_else(
    cli: Cli, engine: Engine
) -> None:
    run = await engine.orchestrator.create(a_request(target_quantity=5))
    async with working(engine):
        await eventually(
            lambda: engine.database.fetchval("SELECT 1 FROM runs WHERE status = 'completed'")
        )
    await engine.database.fetch(
        "UPDATE items SET state = 'failed', cause = 'timeout', attempt = 4, reason = 'too slow'"
        " WHERE stage = 'company_research' AND id % 2 = 0"
    )
    short = run.short_id

    typed = await cli("items", short, "--state", "faild")
    failed = await cli(
        "items", short, "--state", "failed", "--stage", "4", "--limit", "1", "--json"
    )
    other = await cli("retry", short, "--cause", "timout")
    done = await cli("retry", short, "--item", "1")
    both = await cli("retry", short, "--item", "1", "--all-failed")
    retried = await cli("retry", short, "--cause", "timeout", "--json")
    nothing_left = await cli("retry", short)

    assert "did you mean 'failed'?" in typed.complaint
    [item] = failed.json["items"]
    assert item | {"item": 0, "company": "c"} == {
        "item": 0, "stage": "company_research", "company": "c", "state": "failed", "attempt": 4,
        "lost": 0, "cause": "timeout", "reason": "too slow",
    }  # fmt: skip
    assert "did you mean 'timeout'?" in other.complaint
    assert "item 1 is done: only what failed" in done.complaint
    assert [each.code for each in (typed, other, done, both)] == [2, 2, 2, 2]
    assert retried.json["stages"] == {"company_research": failed.json["total"]}
    assert retried.json["served"] is False
    assert (nothing_left.code, nothing_left.out) == (
        0,
        f"nothing to retry: no item of run {short} failed or was quarantined\n",
    )


async def test_workers_are_listed_with_their_stages(cli: Cli, engine: Engine) -> None:
    async with working(engine):
        await eventually(lambda: engine.database.fetchval("SELECT count(*) FROM workers"))
        answer = await cli("workers", "--json")

    [worker] = answer.json["workers"]
    assert worker["stages"] == ["intake", "discovery", "company_research", "export"]
    assert worker["state"] == "live"


async def test_the_items_that_a_worker_holds_are_listed(cli: Cli, engine: Engine) -> None:
    run = await engine.orchestrator.create(a_request())
    worker = await engine.queue.register()
    stages = [stage.name for stage in engine.graph]
    await engine.database.fetch(query("workers.enter"), worker, "box", 4711, "0.2", stages, 25)
    await engine.database.fetch(query("items.claim"), [1], worker, 60.0, "intake", stages, False)

    plain = await cli("workers", "--json")
    answer = await cli("workers", "--items", "--json")
    text = await cli("workers", "--items")

    [described] = answer.json["workers"]
    [item] = described.pop("items")
    assert {"last_heartbeat", "silent", "version", "running"} <= described.keys()
    assert (item["item"], item["run"], item["stage"]) == (1, str(run.id), "intake")
    assert "items" not in plain.json["workers"][0]
    assert text.out.splitlines()[-1].split()[:4] == [str(worker), "1", run.short_id, "intake"]


async def test_a_silent_worker_is_marked(cli: Cli, engine: Engine) -> None:
    async with working(engine):
        await eventually(lambda: engine.database.fetchval("SELECT count(*) FROM workers"))
        cli.env["SLUICE_LEASE"] = "1"
        await engine.database.fetch("UPDATE workers SET seen_at = now() + interval '1 hour'")
        silent = await engine.queue.register()
        await engine.database.fetch(
            "INSERT INTO workers SELECT $1, host, pid, version, stages, concurrency, 0, false,"
            " now(), now() - interval '1 hour' FROM workers",
            silent,
        )
        answer = await cli("workers", "--json")

    assert sorted(worker["state"] for worker in answer.json["workers"]) == ["live", "stale"]


async def test_migrations_are_applied_and_then_up_to_date(cli: Cli) -> None:
    assert (await cli("db", "reset", "--yes", "--json")).code == 0

    applied = await cli("db", "migrate", "--json")
    status = await cli("db", "status")

    assert applied.json == {"applied": []}
    assert (status.code, status.out) == (0, "up to date\n")


async def test_missing_migrations_are_named_with_the_command_that_applies_them(
    cli: Cli, engine: Engine
) -> None:
    await engine.database.fetch("DELETE FROM sluice.migrations WHERE name LIKE '0004%'")

    status, runs, doctor = await cli("db", "status"), await cli("runs"), await cli("doctor")

    assert status.code == 1
    assert status.out.startswith("missing 0004_")
    assert runs.code == 5
    assert runs.complaint.endswith("run: sluice db migrate")
    assert doctor.code == 1


async def test_reset_asks_first_and_refuses_while_runs_are_active(cli: Cli, engine: Engine) -> None:
    run = await engine.orchestrator.create(a_request())

    active = await cli("db", "reset", "--yes")
    await engine.orchestrator.cancel(run.id, "done with it")
    unasked = await cli("db", "reset")
    kept = await engine.database.fetchval("SELECT count(*) FROM runs")
    sure = await cli("db", "reset", "--yes")

    assert (active.code, unasked.code, kept, sure.code) == (2, 2, 1, 0)
    assert "cancel them, or give --force" in active.complaint
    assert await engine.database.fetchval("SELECT count(*) FROM runs") == 0


async def test_reset_leaves_other_schemas_alone(cli: Cli, engine: Engine) -> None:
    await engine.database.fetch("CREATE TABLE public.theirs (id integer)")

    await cli("db", "reset", "--yes")

    assert await engine.database.fetchval("SELECT to_regclass('public.theirs') IS NOT NULL")


async def test_the_doctor_finds_all_well(cli: Cli) -> None:
    answer = await cli("doctor", "--json")

    states = {each["what"]: each["state"] for each in answer.json["findings"]}
    assert answer.code == 0
    assert states["database"] == "ok"
    assert states["migrations"] == "ok"
    assert states["data folder"] == "ok"


async def test_the_doctor_without_a_database_is_5(dry: Cli) -> None:
    answer = await dry("doctor", "--json")

    assert answer.code == 5
    assert answer.json["findings"][-1]["state"] == "bad"
