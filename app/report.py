"""What a run asked for and delivered, why the rest is missing, and where the files are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from app.db.pool import Database
from app.db.queries import query
from app.pipeline.causes import phrase
from app.pipeline.icp_rules import parse_rules
from app.pipeline.reading import SourceRead
from app.pipeline.same_company import DISAGREEING
from app.pipeline.states import FINISHED_RUN
from app.progress import Progress, load_progress

_UNDELIVERED = frozenset({"failed", "cancelled"})
_NOT_LOOKED = "the run ended before it was looked at"

_AGAIN = frozenset({"needs_rerun", "running"})
"""States of a stage that a finished run does not end with, unless it was marked since."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Companies of one cause that were found and are not delivered. `sample` is one of them."""

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
class Gap:
    """How many companies, or people, lack a field for one reason (app.pipeline.absence); `ready`:
    of those that are given out."""

    of_people: bool
    field: str
    kind: str
    count: int
    ready: int


@dataclass(frozen=True, slots=True)
class File:
    """A file that was written; rows without the header."""

    kind: str
    path: str
    rows: int
    sha256: str = ""

    @property
    def line(self) -> str:
        """The path, and how many rows are in it where it holds rows."""
        return self.path if self.kind == "manifest" else f"{self.path}  {self.rows} rows"


@dataclass(frozen=True, slots=True)
class Decision:
    """A question to a person, or what was decided, and why; of a review, about which company."""

    at: datetime
    who: str
    what: str
    stage: str
    reason: str
    company: str = ""

    @property
    def told(self) -> str:
        """ "approve oak.example"."""
        return f"{self.what} {self.company}".rstrip()


@dataclass(frozen=True, slots=True)
class Account:
    """Where the companies are that the sources gave: found = delivered + spare + in work + missing.

    `missing` by cause: rejected, for review, failed, and, once the run is over, not looked at.
    """

    delivered: int = 0
    spare: int = 0
    in_work: int = 0
    missing: tuple[Missing, ...] = ()
    exhausted: bool = False

    @property
    def found(self) -> int:
        """All of them."""
        missing = sum(each.count for each in self.missing)
        return self.delivered + self.spare + self.in_work + missing


@dataclass(frozen=True, slots=True)
class StageTime:
    """One stage in numbers. `seconds` from its start to its end, None before it starts; `limit`:
    the most that they should be. `success`: items that are done."""

    stage: str
    status: str
    error: str | None
    seconds: float | None
    limit: float | None
    total: int
    success: int
    skipped: int
    review: int
    failed: int
    open: int

    @property
    def slow(self) -> bool:
        """Whether the stage took longer than it should."""
        return self.limit is not None and (self.seconds or 0) > self.limit

    def warning(self) -> str:
        """One sentence about a slow stage."""
        return f"stage {self.stage} took {self.seconds:.1f} s, more than {self.limit:g} s"


@dataclass(frozen=True, slots=True)
class Counted:
    """So many of one kind: duplicates by rule, companies delivered earlier by run and day,
    companies about whose phone, city... two of their rows disagree."""

    what: str
    count: int
    sample: str


@dataclass(frozen=True, slots=True)
class Report:
    """The end of a run, or what it has come to so far."""

    progress: Progress
    account: Account
    failures: tuple[Failure, ...]
    files: tuple[File, ...]
    sources: tuple[SourceRead, ...] = ()
    decisions: tuple[Decision, ...] = ()
    statistics: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    duplicates: tuple[Counted, ...] = ()
    delivered_earlier: tuple[Counted, ...] = ()
    gaps: tuple[Gap, ...] = ()
    disagreements: tuple[Counted, ...] = ()

    @property
    def missing(self) -> tuple[Missing, ...]:
        """Found and not delivered, by cause."""
        return self.account.missing

    @property
    def asked(self) -> int:
        """Companies asked for."""
        return self.progress.companies.asked

    @property
    def delivered(self) -> int:
        """Companies in the file, or those that would be in it."""
        companies = self.file("companies_csv")
        return companies.rows if companies else self.account.delivered

    @property
    def word(self) -> str:
        """ "delivered" once it is so, "ready" before."""
        is_over = self.files or self.progress.run.status in FINISHED_RUN
        return "delivered" if is_over else "ready"

    @property
    def contacts(self) -> int:
        """Contacts in the file, or those that would be in it."""
        contacts = self.file("contacts_csv")
        if contacts:
            return contacts.rows
        return 0 if self.progress.run.status in _UNDELIVERED else self.progress.contacts.ready

    @property
    def failed_share(self) -> float:
        """Failed items of all items, 0 to 1."""
        total = sum(stage.total for stage in self.progress.stages)
        return sum(stage.failed for stage in self.progress.stages) / total if total else 0.0

    def times(self, limits: Mapping[str, float] | None = None) -> tuple[StageTime, ...]:
        """Every stage in order. `limits`: most seconds by stage, "" for every other; default: as
        the run was created."""
        most = self.progress.run.request.max_stage_seconds if limits is None else limits
        return tuple(
            StageTime(
                stage.stage,
                stage.status,
                stage.error,
                None if stage.seconds is None else round(stage.seconds, 3),
                most.get(stage.stage, most.get("")),
                stage.total,
                stage.done,
                stage.skipped,
                stage.review,
                stage.failed,
                stage.open,
            )
            for stage in self.progress.stages
        )

    def file(self, kind: str) -> File | None:
        """The newest file of a kind."""
        return next((each for each in self.files if each.kind == kind), None)

    @property
    def again(self) -> str:
        """Which stages of a finished run are to be done again, and by what command; or ""."""
        run = self.progress.run
        marked = [each.stage for each in self.progress.stages if each.status in _AGAIN]
        if run.status != "completed" or not marked:
            return ""
        return f"to be done again: {', '.join(marked)}; go on with: sluice resume {run.short_id}"

    def sentence(self) -> str:
        """ "50 asked, 37 delivered: 9 without a website, 4 disqualified"; nothing is padded."""
        short = f"{self.asked} asked, {self.delivered} {self.word}"
        if self.delivered >= self.asked:
            return short
        reasons = [f"{each.count} {phrase(each.cause)}" for each in self.missing]
        if self.account.exhausted:
            failed = any(each.status == "failed" for each in self.sources)
            which = "the sources that could be read" if failed else "the sources"
            reasons.append(f"{which} hold no more than {self.account.found} that match")
        return f"{short}: {', '.join(reasons)}" if reasons else short

    def summary(self) -> dict[str, Any]:
        """The report as JSON holds it."""
        companies, contacts = self.file("companies_csv"), self.file("contacts_csv")
        asked = self.progress.run.request
        return {
            **self.progress.summary(),
            "asked": self.asked,
            "delivered": self.delivered,
            "contacts_delivered": self.contacts,
            "found": self.account.found,
            "spare": self.account.spare,
            "in_work": self.account.in_work,
            "sources_exhausted": self.account.exhausted,
            "message": self.sentence(),
            "companies_path": companies.path if companies else None,
            "contacts_path": contacts.path if contacts else None,
            "files": [asdict(each) for each in self.files],
            "sources": [asdict(each) for each in self.sources],
            "duplicates": [asdict(each) for each in self.duplicates],
            "disagreements": [asdict(each) for each in self.disagreements],
            "delivered_earlier": [asdict(each) for each in self.delivered_earlier],
            "missing": [asdict(each) for each in self.missing],
            "failures": [asdict(each) for each in self.failures],
            "absences": [asdict(each) for each in self.gaps],
            "decisions": [asdict(each) | {"at": each.at.isoformat()} for each in self.decisions],
            "rules_version": asked.rules_version,
            "source_versions": asked.source_versions,
            "icp": {"file": asked.icp_file, "digest": parse_rules(asked.icp_text).digest},
            "statistics": {stage: dict(counts) for stage, counts in self.statistics.items()},
            "timing": [asdict(time) for time in self.times()],
            "slow_stages": [time.warning() for time in self.times() if time.slow],
            "failed_share": round(self.failed_share, 4),
            "seconds": round(self.progress.seconds, 1),
        }


async def load_report(database: Database, run_id: UUID) -> Report:
    """Raises RunNotFound."""
    progress = await load_progress(database, run_id)
    failures = await database.fetch(query("items.failures"), run_id)
    files = await database.fetch(query("snapshots.artifacts"), run_id)
    sources = await database.fetchval(query("items.sources"), run_id)
    account = await _load_account(database, progress, written=bool(files))
    return Report(
        progress,
        account,
        tuple(Failure(**_texts(row)) for row in failures),
        tuple(File(row["kind"], row["path"], row["rows"], row["sha256"]) for row in files),
        tuple(SourceRead(**each) for each in sources or ()),
        tuple(
            Decision(
                row["at"],
                row["who"],
                row["what"],
                row["stage"],
                row["reason"],
                (row["data"] or {}).get("company") or "",
            )
            for row in await database.fetch(query("decisions.list"), run_id)
        ),
        await load_statistics(database, run_id),
        tuple(Counted(**row) for row in await database.fetch(query("duplicates.counts"), run_id)),
        tuple(
            Counted(**row)
            for row in await database.fetch(query("duplicates.delivered_before"), run_id)
        ),
        await _load_gaps(database, progress),
        tuple(
            Counted(**row)
            for row in await database.fetch(
                query("duplicates.disagreements"), run_id, sorted(DISAGREEING)
            )
        ),
    )


async def _load_gaps(database: Database, progress: Progress) -> tuple[Gap, ...]:
    run = progress.run
    most = run.request.target_quantity, run.request.contacts_max
    rows = await database.fetch(query("records.absence_counts"), run.id, *most)
    return tuple(Gap(**row) for row in rows)


async def _load_account(database: Database, progress: Progress, *, written: bool) -> Account:
    run = progress.run
    rows = await database.fetch(query("records.account"), run.id)
    exhausted = await database.fetchval(query("records.is_exhausted"), run.id)
    account = account_of([_texts(row) for row in rows], progress, written=written)
    return replace(account, exhausted=bool(exhausted))


def account_of(rows: Sequence[Mapping[str, Any]], progress: Progress, *, written: bool) -> Account:
    """The account from counts by status and cause. Until files are written, what would be in them
    counts as delivered; of a run that is over, what is open was not looked at."""
    count: dict[str, int] = defaultdict(int)
    for row in rows:
        count[row["status"]] += row["count"]
    delivered, spare = count["delivered"], count["spare"]
    status = progress.run.status
    if not written and status not in _UNDELIVERED:
        delivered = min(spare, progress.companies.asked)
        spare -= delivered
    over = status in FINISHED_RUN
    missing = []
    for row in rows:
        if row["status"] in ("rejected", "review", "failed"):
            missing.append(Missing(**row))
        elif row["status"] == "open" and over:
            missing.append(Missing(**{**row, "cause": "not_looked", "reason": _NOT_LOOKED}))
    in_work = 0 if over else count["open"]
    return Account(delivered, spare, in_work, tuple(missing))


async def load_statistics(database: Database, run_id: UUID) -> dict[str, dict[str, int]]:
    """What each stage counted: {"company_validation": {"total": 40, "valid": 37, ...}}."""
    counted: dict[str, dict[str, int]] = {}
    for row in await database.fetch(query("checks.statistics"), run_id):
        counted.setdefault(row["stage"], {})[row["word"]] = row["count"]
    return counted


def _texts(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with empty text where nothing was stored."""
    return {name: "" if value is None else value for name, value in row.items()}
