"""The programmatic way in. The command line uses the same functions.

from app import execute_full_pipeline
result = await execute_full_pipeline({"state": "TX"}, 50, sources=["csv_file:list.csv"], ...)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from app.clock import Clock, SystemClock
from app.errors import ExportFailed, RunPaused, SluiceError
from app.leader import Leader
from app.pipeline.graph import Graph
from app.progress import load_progress
from app.records.budget import Budget
from app.records.criteria import Criteria
from app.records.run import Run, RunRequest
from app.report import Report, load_report
from app.request import check_request, read_criteria
from app.settings import Settings, load_settings
from app.watch import Silent, Viewer
from app.wiring import Engine, open_engine


@dataclass(frozen=True, slots=True)
class PipelineResult:
    """A completed run. The paths are of the two CSV files; `message` says what is missing."""

    run_id: UUID
    companies_path: Path
    contacts_path: Path
    asked: int
    delivered: int
    contacts: int
    failed_share: float
    seconds: float
    message: str


async def execute_full_pipeline(
    criteria: Mapping[str, object] | str | Criteria,
    target_quantity: int = 50,
    contacts_min: int = 1,
    contacts_max: int = 3,
    output_dir: str | Path = "leads",
    timeout_per_stage: float = 3600,
    notify_email: str | None = None,
    *,
    sources: Sequence[str] = (),
    column_map: Mapping[str, str] | None = None,
    replay_dir: str | Path | None = None,
    archive_dir: str | Path | None = None,
    max_age: float | None = None,
    icp_file: str | Path | None = None,
    notes_dir: str | Path | None = None,
    with_evidence: bool = False,
    exclude_earlier: bool = False,
    budget: Budget | None = None,
    on_shortfall: str = "deliver",
    allow_countries: Sequence[str] = (),
    settings: Settings | None = None,
) -> PipelineResult:
    """Run criteria to files and return when they are written.

    `criteria`: plain values, JSON text, "@FILE" or Criteria. `timeout_per_stage` and `max_age`
    (of pages that are used again; by default the setting) are in seconds.
    Raises InputError before anything is created; StageTimeout (the run continues), ExportFailed,
    RunPaused, DatabaseUnavailable; SluiceError with the reason when the run failed.
    """
    settings = settings or load_settings()
    request = RunRequest(
        criteria=read_criteria(criteria), sources=tuple(sources), output_dir=str(output_dir),
        target_quantity=target_quantity, contacts_min=contacts_min, contacts_max=contacts_max,
        column_map=dict(column_map or {}),
        replay_dir=str(replay_dir or ""), archive_dir=str(archive_dir or ""),
        max_age=settings.max_age if max_age is None else max_age,
        icp_file=str(icp_file or ""), notes_dir=str(notes_dir or ""),
        with_evidence=with_evidence, exclude_earlier=exclude_earlier,
        notify_email=notify_email or "", stage_timeout=timeout_per_stage,
        budget=budget or Budget(), on_shortfall=on_shortfall,
        allow_countries=tuple(allow_countries),
    )  # fmt: skip
    request = await check_request(request, settings)
    async with open_engine(settings, prepare=True) as engine:
        run = await engine.control.create(request)
        return result_of(await lead_run(engine, run))


async def get_run_progress(
    run_id: UUID | str, *, settings: Settings | None = None
) -> dict[str, Any]:
    """stage, status, criteria, companies {ready, gap, progress_pct}, contacts (the same),
    created_at, notes. `run_id` may be the first characters. Raises RunNotFound."""
    async with open_engine(settings or load_settings(), graph=Graph(())) as engine:
        run = await engine.orchestrator.find(str(run_id))
        return (await load_progress(engine.database, run.id)).summary()


async def lead_run(
    engine: Engine,
    run: Run,
    *,
    viewer: Viewer | None = None,
    stage_timeout: float | None = None,
    clock: Clock | None = None,
) -> Report:
    """Lead a run until it is not active any more; what came of it. `stage_timeout`:
    seconds for one stage, by default what the run was created with."""
    leader = Leader(engine, run, viewer or Silent(), clock or SystemClock())
    await leader.carry(run.request.stage_timeout if stage_timeout is None else stage_timeout)
    return await load_report(engine.database, run.id)


def raise_unless_completed(report: Report) -> None:
    """Raise ExportFailed, RunPaused or SluiceError for a run that did not complete."""
    run = report.progress.run
    if run.status == "completed":
        return
    why = "; ".join(report.progress.notes) or "no reason was noted"
    if run.status == "failed" and run.stage == "export":
        raise ExportFailed(f"run {run.short_id}: the files were not written: {why}")
    if run.status in ("paused", "needs_decision"):
        raise RunPaused(f"run {run.short_id} is {run.status}: {why}")
    raise SluiceError(f"run {run.short_id} is {run.status}: {why}")


def result_of(report: Report) -> PipelineResult:
    """The result of a completed run. Raises as `raise_unless_completed`."""
    raise_unless_completed(report)
    companies, contacts = report.file("companies_csv"), report.file("contacts_csv")
    if companies is None or contacts is None:
        raise ExportFailed(f"run {report.progress.run.short_id} completed without files")
    return PipelineResult(
        report.progress.run.id,
        Path(companies.path),
        Path(contacts.path),
        report.asked,
        report.delivered,
        report.contacts,
        report.failed_share,
        report.progress.seconds,
        report.sentence(),
    )
