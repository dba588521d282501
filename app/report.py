"""What a run asked for and delivered, why the rest is missing, and where the files are."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from app.db.pool import Database
from app.db.queries import query
from app.pipeline.causes import phrase
from app.pipeline.reading import SourceRead
from app.progress import Progress, load_progress


@dataclass(frozen=True, slots=True)
class Missing:
    """Companies of one cause that were looked at and are not delivered. `sample` is one of them."""

    cause: str
    status: str
    count: int
    reason: str
    sample: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Items of one stage that failed for one cause."""

    stage: str
    cause: str
    state: str
    count: int
    reason: str
    sample: str


@dataclass(frozen=True, slots=True)
class File:
    """A file that was written; rows without the header."""

    kind: str
    path: str
    rows: int


@dataclass(frozen=True, slots=True)
class Report:
    """The end of a run, or what it has come to so far."""

    progress: Progress
    missing: tuple[Missing, ...]
    failures: tuple[Failure, ...]
    files: tuple[File, ...]
    sources: tuple[SourceRead, ...] = ()

    @property
    def asked(self) -> int:
        """Companies asked for."""
        return self.progress.companies.asked

    @property
    def delivered(self) -> int:
        """Companies in the file, or those that would be in it."""
        companies = self.file("companies_csv")
        return companies.rows if companies else min(self.progress.companies.ready, self.asked)

    @property
    def contacts(self) -> int:
        """Contacts in the file, or those that would be in it."""
        contacts = self.file("contacts_csv")
        return contacts.rows if contacts else self.progress.contacts.ready

    @property
    def failed_share(self) -> float:
        """Failed items of all items, 0 to 1."""
        total = sum(stage.total for stage in self.progress.stages)
        return sum(stage.failed for stage in self.progress.stages) / total if total else 0.0

    def file(self, kind: str) -> File | None:
        """The newest file of a kind."""
        return next((each for each in self.files if each.kind == kind), None)

    def sentence(self) -> str:
        """ "50 asked, 37 delivered: 9 without a website, 4 disqualified"; nothing is padded."""
        short = f"{self.asked} asked, {self.delivered} delivered"
        if self.delivered >= self.asked:
            return short
        reasons = [f"{each.count} {phrase(each.cause)}" for each in self.missing]
        if self.progress.run.status == "completed":
            failed = any(each.status == "failed" for each in self.sources)
            which = "the sources that could be read" if failed else "the sources"
            reasons.append(f"{which} hold no more than {self.progress.found} that match")
        return f"{short}: {', '.join(reasons)}" if reasons else short

    def summary(self) -> dict[str, Any]:
        """The report as JSON holds it."""
        companies, contacts = self.file("companies_csv"), self.file("contacts_csv")
        return {
            **self.progress.summary(),
            "asked": self.asked,
            "delivered": self.delivered,
            "contacts_delivered": self.contacts,
            "message": self.sentence(),
            "companies_path": companies.path if companies else None,
            "contacts_path": contacts.path if contacts else None,
            "files": [asdict(each) for each in self.files],
            "sources": [asdict(each) for each in self.sources],
            "missing": [asdict(each) for each in self.missing],
            "failures": [asdict(each) for each in self.failures],
            "failed_share": round(self.failed_share, 4),
            "seconds": round(self.progress.seconds, 1),
        }


async def load_report(database: Database, run_id: UUID) -> Report:
    """Raises RunNotFound."""
    progress = await load_progress(database, run_id)
    missing = await database.fetch(query("records.shortfall"), run_id)
    failures = await database.fetch(query("items.failures"), run_id)
    files = await database.fetch(query("snapshots.artifacts"), run_id)
    sources = await database.fetchval(query("items.sources"), run_id)
    return Report(
        progress,
        tuple(Missing(**_texts(row)) for row in missing),
        tuple(Failure(**_texts(row)) for row in failures),
        tuple(File(row["kind"], row["path"], row["rows"]) for row in files),
        tuple(SourceRead(**each) for each in sources or ()),
    )


def _texts(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with empty text where nothing was stored."""
    return {name: "" if value is None else value for name, value in row.items()}
