"""Builders of what the command line shows."""

from typing import Any

from app.progress import Progress, Share, StageProgress
from app.report import Account, Failure, File, Missing, Report
from tests.factories import a_run


def a_stage_progress(stage: str = "company_research", **given: Any) -> StageProgress:
    """A stage with ten items, four of them done, in two seconds."""
    counts = {"total": 10, "ready": 5, "running": 1, "done": 4}
    counts |= dict.fromkeys(("skipped", "review", "failed", "retrying"), 0)
    values: dict[str, Any] = {"stage": stage, "status": "running", "error": None, "seconds": 2.0}
    return StageProgress(**values | counts | given)


def a_progress(*stages: StageProgress, status: str = "active", **request: Any) -> Progress:
    """A run with 3 of 50 companies ready."""
    run = a_run(**request)
    object.__setattr__(run, "status", status)
    return Progress(run, (), 61.0, stages, Share(3, 50), Share(7, 50), 9, 2)


def a_report(
    *missing: Missing,
    progress: Progress | None = None,
    files: tuple[File, ...] = (),
    failures: tuple[Failure, ...] = (),
) -> Report:
    """A report of a completed run."""
    companies = next((each.rows for each in files if each.kind == "companies_csv"), 0)
    account = Account(companies, missing=missing, exhausted=True)
    return Report(progress or a_progress(status="completed"), account, failures, files)


def missing(cause: str, count: int = 1, status: str = "rejected") -> Missing:
    """Companies that are not delivered."""
    return Missing(cause, status, count, "why it is so", "one.example")


def failure(cause: str) -> Failure:
    """An item that failed."""
    return Failure("company_research", cause, "failed", 1, "why it is so", "one.example")
