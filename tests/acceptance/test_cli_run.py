"""A whole run from outside: the bundled sample, a fleet of real processes, files on disk."""

import asyncio
import csv
import os
import re
import signal
from pathlib import Path
from typing import Any

import pytest

from app import (
    StageContext,
    execute_full_pipeline,
    get_run_progress,
    retry_failed_stage,
    run_stage,
    run_stage_by_name,
    run_stage_sequence,
)
from app.db.pool import Database
from app.errors import InputError
from app.fleet import fleet_groups
from app.settings import Settings
from app.wiring import load_graph
from tests.acceptance.conftest import SAMPLE, Cli, eventually, finish
from tests.faults.conftest import locked

COMPANIES = (
    "company_name,domain,website,state,pms_detected,units_estimate,company_type,description,"
    "discovery_source,icp_fit,icp_tier,icp_confidence,disqualifiers,created_at"
)
CONTACTS = (
    "full_name,title,email,linkedin_url,department,seniority,quality_score,company_name,"
    "company_domain,company_website,company_state,personalization_notes,created_at"
)
SOURCE = ("--source", f"csv_file:{SAMPLE}/companies.csv", "--replay", f"{SAMPLE}/web")
RUN = ("run", *SOURCE, "--quantity", "6", "--output-dir", "out")


def _rows(path: str) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


async def _no_worker(database: Database) -> bool:
    return not await database.fetchval("SELECT count(*) FROM workers WHERE ended_at IS NULL")


async def _status(database: Database) -> Any:
    return await database.fetchval("SELECT status FROM runs")


async def test_criteria_in_files_out(cli: Cli, database: Database) -> None:
    answer = await cli(*RUN, "--json")

    result = answer.json
    companies, contacts = _rows(result["companies_path"]), _rows(result["contacts_path"])
    assert answer.code == 0
    assert (result["asked"], result["delivered"], result["status"]) == (6, 6, "completed")
    assert [",".join(companies[0]), ",".join(contacts[0])] == [COMPANIES, CONTACTS]
    assert len(companies) == 6
    assert len(contacts) >= 6
    assert {row["company_name"] for row in contacts} == {row["company_name"] for row in companies}
    events = answer.events
    assert {event["event"] for event in events} == {"note", "progress", "run"}
    assert events[-1]["status"] == "completed"
    await eventually(lambda: _no_worker(database), 30)


async def test_the_end_is_told_to_a_person(cli: Cli) -> None:
    answer = await cli(*RUN[:-4], "--quantity", "500", "--output-dir", "out", "--evidence")

    lines = answer.out.splitlines()
    assert answer.code == 0
    assert " completed in " in lines[0]
    [counted] = [line for line in lines if line.startswith("500 asked, ")]
    assert "1 without a website" in counted
    files = [line.split()[0] for line in lines if re.fullmatch(r"  \S+  \d+ rows", line)]
    assert [len(_rows(path)) > 0 for path in files] == [True, True]
    assert "website_source" in next(_rows(path) for path in files if "companies_" in path)[0]


async def test_a_killed_orchestrator_leaves_the_run_to_its_workers(
    cli: Cli, database: Database
) -> None:
    process = await cli.start(*RUN)
    await eventually(lambda: database.fetchval("SELECT count(*) FROM workers"))
    process.kill()
    await finish(process)

    await eventually(lambda: _is(database, "completed"))

    run_id = str(await database.fetchval("SELECT id FROM runs"))
    answer = await cli("resume", run_id[:8])
    assert answer.code == 0
    assert "6 asked, 6 delivered" in answer.out


async def test_an_interrupted_orchestrator_says_that_the_run_continues(
    cli: Cli, database: Database
) -> None:
    process = await cli.start(*RUN)
    assert process.stderr is not None
    assert b"run " in await asyncio.wait_for(process.stderr.readline(), 60)
    process.send_signal(signal.SIGINT)

    answer = await finish(process)

    short = str(await database.fetchval("SELECT id FROM runs"))[:8]
    assert answer.code == 130
    assert answer.err.splitlines()[-1] == (
        f"sluice: interrupted; run {short} continues: sluice watch {short}"
        f" (or: sluice resume {short})"
    )
    watched = await cli("watch", short, "--json")
    assert watched.json["status"] == "completed"


async def test_a_detached_run_goes_on_by_itself(cli: Cli, database: Database) -> None:
    answer = await cli(*RUN, "--detach", "--json")

    assert answer.code == 0
    assert answer.json["run"] == str(await database.fetchval("SELECT id FROM runs"))
    await eventually(lambda: _is(database, "completed"))


async def test_a_stage_that_takes_too_long_is_7_and_the_run_continues(
    cli: Cli, database: Database
) -> None:
    answer = await cli(*RUN, "--timeout", "0.01", "--json")

    assert answer.code == 7
    assert "took longer than 0.01 seconds" in answer.json["error"]
    assert answer.json["run"] == str(await database.fetchval("SELECT id FROM runs"))
    await eventually(lambda: _is(database, "completed"))


async def test_files_that_cannot_be_written_are_6(cli: Cli, database: Database) -> None:
    process = await cli.start(*RUN)
    await eventually(lambda: database.fetchval("SELECT count(*) FROM runs"))
    (cli.folder / "out").write_text("in the way")

    answer = await finish(process)

    assert answer.code == 6
    assert f"{cli.folder / 'out'}/companies_" in answer.out
    assert "sluice export " in answer.out
    assert await _status(database) == "failed"


async def test_workers_that_die_are_started_again(
    cli: Cli, database: Database, database_url: str
) -> None:
    async with locked(database_url, "companies", "SHARE ROW EXCLUSIVE"):
        process = await cli.start(*RUN, "--json")
        started = len(fleet_groups(load_graph()))
        workers = await eventually(lambda: _pids(database, started))
        for pid in workers:
            os.kill(pid, signal.SIGKILL)

    answer = await finish(process)

    notes = [event["message"] for event in answer.events if event["event"] == "note"]
    assert answer.json["delivered"] == 6
    assert [note for note in notes if "was ended by SIGKILL: again in 0.5 s" in note]


async def test_a_run_uses_the_fleet_that_is_there(cli: Cli, database: Database) -> None:
    fleet = await cli.start("all", module="workers")
    await eventually(lambda: database.fetchval("SELECT count(*) FROM workers"))

    answer = await cli(*RUN, "--json")

    assert answer.json["delivered"] == 6
    assert not [event for event in answer.events if "starting" in event.get("message", "")]
    assert await database.fetchval("SELECT count(*) FROM workers") == 1
    fleet.send_signal(signal.SIGTERM)
    assert (await finish(fleet)).code == 0


async def test_the_programmatic_way_in(cli: Cli, settings: Settings, tmp_path: Path) -> None:
    result = await execute_full_pipeline(
        {},
        target_quantity=4,
        output_dir=tmp_path / "out",
        sources=[SOURCE[1]],
        replay_dir=SAMPLE / "web",
        settings=settings,
    )

    progress = await get_run_progress(result.run_id, settings=settings)
    assert (result.asked, result.delivered) == (4, 4)
    assert len(_rows(str(result.companies_path))) == 4
    assert len(_rows(str(result.contacts_path))) == result.contacts
    assert progress["status"] == "completed"
    assert progress["companies"]["gap"] == 0


async def test_stages_by_hand_from_python(cli: Cli, settings: Settings) -> None:
    run = (await cli(*RUN, "--stop-after", "discovery", "--json")).json["run"]
    context = StageContext(run, settings=settings, limit=2)

    research = await run_stage("4", context)
    checked = await run_stage_by_name("company_validation", context)
    retried = await retry_failed_stage("company_research", context)
    rest = await run_stage_sequence([6, "contact_validation"], context)

    results = [research, checked, retried, *rest]
    assert [(each.stage, each.status) for each in results] == [
        *((4, "complete"), (5, "complete"), (4, "complete"), (6, "complete"), (7, "complete"))
    ]
    assert research.result["items"] == {"total": 2, "done": 2}
    assert retried.result["items"] == {"total": 0}
    with pytest.raises(InputError, match="5 is a number: run_stage takes it"):
        await run_stage_by_name("5", context)


async def _is(database: Database, status: str) -> bool:
    return bool(await _status(database) == status)


async def _pids(database: Database, least: int) -> list[int]:
    rows = await database.fetch("SELECT pid FROM workers WHERE ended_at IS NULL")
    return [row["pid"] for row in rows] if len(rows) >= least else []
