"""The end of a run for a person."""

import shlex
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from app.cli.summary import command_of, exit_code_of, next_steps, summary
from app.records.criteria import Criteria
from app.report import Decision, File
from app.settings import Settings
from tests.factories import a_request
from tests.unit.cli.made import a_progress, a_report, a_stage_progress, failure, missing


def test_a_short_list_says_why_and_where_the_files_are() -> None:
    files = (File("companies_csv", "/out/c.csv", 37), File("contacts_csv", "/out/k.csv", 60))
    report = a_report(missing("no_website", 9), missing("disqualified", 4), files=files)

    lines = summary(report, 0.1).splitlines()

    assert lines[1] == (
        "50 asked, 37 delivered: 9 without a website, 4 disqualified,"
        " the sources hold no more than 50 that match"
    )
    assert lines[2:4] == ["60 contacts", "found 50: 37 delivered, 0 spare, 13 not delivered"]
    assert "  /out/c.csv  37 rows" in lines
    assert "  /out/k.csv  60 rows" in lines


def test_too_many_failed_items_are_said() -> None:
    progress = a_progress(a_stage_progress(failed=3), status="completed")

    text = summary(a_report(progress=progress), 0.1)

    assert "30% of the items failed, more than the 10% that setting allowed_failures" in text


def test_a_full_list_needs_no_reasons() -> None:
    report = a_report(missing("no_website", 9), files=(File("companies_csv", "/out/c.csv", 50),))

    assert report.sentence() == "50 asked, 50 delivered"


def test_too_few_contacts_suggests_the_same_run_with_fewer() -> None:
    report = a_report(missing("too_few_contacts", 5))

    [step] = next_steps(report)

    assert "--contacts-min 0" in step


def test_a_criterion_that_rejects_suggests_the_same_run_without_it() -> None:
    criteria = Criteria(state="TX", pms="Buildium")
    progress = a_progress(status="completed", criteria=criteria)
    report = a_report(missing("wrong_software", 5), progress=progress)

    [step] = next_steps(report)

    assert shlex.split(step)[3] == '{"state": "TX"}'


def test_a_run_that_waits_says_how_to_answer() -> None:
    progress = a_progress(status="needs_decision", criteria=Criteria(city="Coeur d'Alene"))

    steps = next_steps(a_report(missing("wrong_software"), progress=progress))

    short = progress.run.short_id
    assert steps[0] == f"sluice decide {short} accept"
    assert shlex.split(steps[1])[-1] == '{"city": "Coeur d\'Alene"}'
    assert steps[-1] == f"sluice decide {short} cancel"


def test_each_step_is_named_once() -> None:
    report = a_report(missing("unreachable"), missing("timeout"), missing("robots_disallowed"))

    assert next_steps(report) == [command_of(report.progress.run.request)]


def test_what_failed_for_now_suggests_a_retry_and_what_failed_for_good_does_not() -> None:
    for_now, for_good = (
        a_report(missing(cause, status="failed"), failures=(failure(cause),))
        for cause in ("timeout", "gone")
    )

    assert next_steps(for_now) == [f"sluice retry {for_now.progress.run.short_id}"]
    assert next_steps(for_good) == []


def test_a_finished_run_with_stages_to_be_done_again_suggests_resume() -> None:
    progress = a_progress(a_stage_progress(status="needs_rerun"), status="completed")
    report = a_report(missing("too_few_contacts", 5), progress=progress)

    command = f"sluice resume {report.progress.run.short_id}"
    assert next_steps(report) == [command]
    assert report.again == f"to be done again: company_research; go on with: {command}"


def test_a_decision_names_the_company_that_it_is_about() -> None:
    at = datetime(2026, 11, 25, 12, tzinfo=UTC)
    said = Decision(at, "jo", "approve", "readiness", "I called", company="oak.example")

    text = summary(replace(a_report(), decisions=(said,)), 0.1)

    assert "2026-11-25 12:00 UTC  jo approve oak.example: I called" in text


def test_a_failed_run_suggests_a_retry() -> None:
    report = a_report(progress=a_progress(status="failed"))

    assert next_steps(report) == [f"sluice retry {report.progress.run.short_id}"]


def test_a_command_survives_the_shell() -> None:
    request = a_request(
        criteria=Criteria(city="Coeur d'Alene", keywords=("a b", '"c"')),
        output_dir="/out dir",
        sources=("csv_file:/my list.csv",),
        column_map={"website": "Web Site"},
        with_evidence=True,
    )

    words = shlex.split(command_of(request))

    assert words[:2] == ["sluice", "run"]
    assert "csv_file:/my list.csv" in words
    assert "website=Web Site" in words
    assert words[-1] == "--evidence"


@pytest.mark.parametrize(
    ("status", "stage", "failed", "code"),
    [
        ("completed", "export", 0, 0),
        ("completed", "export", 1, 0),
        ("completed", "export", 2, 1),
        ("failed", "intake", 0, 1),
        ("failed", "export", 0, 6),
        ("cancelled", "discovery", 0, 1),
        ("paused", "discovery", 0, 4),
        ("needs_decision", "plan", 0, 4),
        ("active", "discovery", 0, 0),
    ],
)
def test_the_exit_code_says_how_a_run_ended(
    status: str, stage: str, failed: int, code: int
) -> None:
    progress: Any = a_progress(a_stage_progress(failed=failed), status=status)
    object.__setattr__(progress.run, "stage", stage)

    assert exit_code_of(a_report(progress=progress), Settings(allowed_failures=0.1)) == code
