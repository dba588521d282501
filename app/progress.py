"""How far a run is: what it asked for, what is ready, and each stage's items by state."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.db.pool import Database
from app.db.queries import query
from app.db.requests import unpack_run
from app.errors import RunNotFound
from app.records.run import Run


@dataclass(frozen=True, slots=True)
class StageProgress:
    """One stage. Counts are items; `seconds` is how long it has run, None before it starts."""

    stage: str
    status: str
    error: str | None
    seconds: float | None
    total: int
    ready: int
    running: int
    done: int
    skipped: int
    review: int
    failed: int
    retrying: int

    @property
    def settled(self) -> int:
        """Items that are over, however they ended."""
        return self.done + self.skipped + self.review + self.failed

    @property
    def open(self) -> int:
        """Items that wait or are at work."""
        return self.ready + self.running


@dataclass(frozen=True, slots=True)
class Share:
    """What is ready of what was asked; more may be ready than asked."""

    ready: int
    asked: int

    @property
    def gap(self) -> int:
        """What is still missing, never below zero."""
        return max(self.asked - self.ready, 0)

    @property
    def percent(self) -> float:
        """Ready of asked, 0 to 100, one decimal."""
        if self.asked == 0:
            return 100.0
        return min(round(100 * self.ready / self.asked, 1), 100.0)

    def summary(self) -> dict[str, Any]:
        """{ready, gap, progress_pct}."""
        return {"ready": self.ready, "gap": self.gap, "progress_pct": self.percent}


@dataclass(frozen=True, slots=True)
class Progress:
    """A run at one moment. `seconds` since it was created, until it finished."""

    run: Run
    notes: tuple[str, ...]
    seconds: float
    stages: tuple[StageProgress, ...]
    companies: Share
    contacts: Share
    found: int
    rejected: int

    @property
    def stopped(self) -> bool:
        """Whether it waits where a person asked it to stop: all that is left is held."""
        left = {each.stage for each in self.stages if each.status not in ("complete", "skipped")}
        return self.run.status == "paused" and bool(left) and left <= self.run.held

    def summary(self) -> dict[str, Any]:
        """The run as JSON holds it: stage, status, criteria, companies and contacts
        {ready, gap, progress_pct}, created_at (ISO 8601), notes."""
        return {
            "run": str(self.run.id),
            "stage": self.run.stage,
            "status": self.run.status,
            "criteria": self.run.request.criteria.model_dump(mode="json", exclude_defaults=True),
            "companies": self.companies.summary(),
            "contacts": self.contacts.summary(),
            "created_at": self.run.created_at.isoformat(),
            "notes": list(self.notes),
        }


async def load_progress(database: Database, run_id: UUID) -> Progress:
    """Everything at one moment (one snapshot of the database). Raises RunNotFound."""
    async with (
        database.connection() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        row = await connection.fetchrow(query("progress.run"), run_id)
        if row is None:
            raise RunNotFound(f"no run {run_id}; list them with: sluice runs")
        run = unpack_run(row)
        asked = run.request
        stages = await connection.fetch(query("stages.counts"), run_id)
        companies = await connection.fetchrow(query("records.company_counts"), run_id)
        contacts = await connection.fetchval(
            query("records.contact_counts"), run_id, asked.target_quantity, asked.contacts_max
        )
    return Progress(
        run,
        tuple(row["notes"]),
        row["seconds"],
        tuple(StageProgress(**stage) for stage in stages),
        Share(companies["ready"], asked.target_quantity),
        Share(contacts, asked.target_quantity * asked.contacts_min),
        companies["found"],
        companies["rejected"],
    )
