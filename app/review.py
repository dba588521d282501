"""Review sheets: what waits for a person, as a CSV to decide in, and the decisions taken from it.

Each row has an id and a check value that goes with it, so that an id that was edited, or slipped to
another row, is noticed. Rows are decided by `approve` or `reject`; an empty decision waits on.
"""

import csv
import getpass
import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.db.pool import Connection, Database
from app.db.queries import query
from app.db.requests import unpack_run
from app.errors import InputError
from app.orchestrator import Orchestrator
from app.packagers._cells import cell
from app.pipeline.graph import Graph
from app.pipeline.states import FINISHED_RUN, RUN_MOVES, check_move
from app.records.run import Run

COLUMNS = (
    *("id", "check", "decision", "note", "reason", "stage", "company", "domain", "website"),
    *("city", "state", "person", "title", "email", "phone"),
)
DECISIONS = ("approve", "reject")
MAX_BYTES = 50_000_000
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One decided line of a sheet."""

    number: int
    id: str
    decision: str
    note: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a sheet: rows approved, rejected, left for later, and lines refused."""

    approved: int
    rejected: int
    waiting: int
    refused: tuple[str, ...]


async def export_sheet(database: Database, run: Run, path: Path) -> int:
    """Write what waits for a person to `path`; the number of rows. Raises InputError where the file
    is there already or cannot be written."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    rows = await database.fetch(query("review.rows"), run.id)
    for row in rows:
        values = {**row, "check": check_value(run, row["id"]), "decision": "", "note": ""}
        writer.writerow([cell(column, values[column]) for column in COLUMNS])
    try:
        with path.open("xb") as file:
            file.write(text.getvalue().encode("utf-8-sig", "replace"))
    except FileExistsError:
        raise InputError(f"{path} is there already and may hold decisions; name another") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError(f"review sheet {path} cannot be written: {why}") from None
    return len(rows)


def check_value(run: Run, row_id: str) -> str:
    """Goes with the id of a row in this run, and with no other."""
    return hashlib.sha256(f"{run.id} {row_id}".encode()).hexdigest()[:10]


def read_sheet(run: Run, path: Path) -> tuple[list[Line], int, list[str]]:
    """The decided lines, how many are left for later, and what is refused with its line.

    Raises InputError for what is no sheet of this run, or has an id that was edited.
    """
    lines, waiting, refused, edited = [], 0, [], []
    seen: dict[str, int] = {}
    for number, row in _rows(path):
        row_id, decision = row["id"], row["decision"].lower()
        if row["check"] != check_value(run, row_id):
            edited.append(number)
        elif not decision:
            waiting += 1
        elif decision not in DECISIONS:
            refused.append(
                f"line {number}: decision {decision[:30]!r} is neither approve nor reject"
            )
        elif row_id in seen:
            refused.append(f"line {number}: {row_id} is decided in line {seen[row_id]} already")
        else:
            seen[row_id] = number
            lines.append(Line(number, row_id, decision, row["note"]))
    if edited:
        named = ", ".join(map(str, edited[:_NAMED])) + (", ..." if len(edited) > _NAMED else "")
        raise InputError(
            f"{path.name}: the id was edited, or belongs to another run, in line {named};"
            f" nothing was changed; get a fresh sheet: sluice review {run.short_id} export FILE.csv"
        )
    return lines, waiting, refused


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row by column, with its line; whatever delimiter a spreadsheet saved it with."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path.name}: larger than {MAX_BYTES // 1_000_000} MB")
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise InputError(f"review sheet {path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise InputError(f"{path.name} is no UTF-8 text; save it as CSV UTF-8") from None
    header = text.partition("\n")[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(",;\t", key=header.count), strict=True
    )
    try:
        columns = [name.strip().lower() for name in next(reader, [])]
        if missing := [name for name in COLUMNS[:4] if name not in columns]:
            raise InputError(f"{path.name} is no review sheet: no column {', '.join(missing)}")
        for cells in reader:
            texts = (each.strip().removeprefix("'") for each in cells)
            row = dict(zip(columns, texts, strict=False))
            if any(row.values()):
                yield reader.line_num, {name: row.get(name, "") for name in COLUMNS[:4]}
    except csv.Error as error:
        raise InputError(f"{path.name} line {reader.line_num}: {error}") from None


class Reviews:
    """Decisions of people about what checks were not sure of."""

    def __init__(self, database: Database, orchestrator: Orchestrator, graph: Graph) -> None:
        self._database = database
        self._orchestrator = orchestrator
        self._graph = graph

    async def take(self, run: Run, path: Path) -> Imported:
        """Take the decisions of a sheet: what is approved goes on, and a run that is over is active
        again; what is rejected is out. In one transaction.

        Lines that cannot be taken are refused and named, the others are taken. Raises InputError as
        `read_sheet`, and for a run that was cancelled or writes its files just now.
        """
        lines, waiting, refused = read_sheet(run, path)
        async with self._database.transaction() as connection:
            run = unpack_run(await connection.fetchrow(query("runs.hold"), run.id))
            if run.status in FINISHED_RUN:
                check_move(f"run {run.short_id}", RUN_MOVES, run.status, "active")
            await self._check_quiet(connection, run)
            rows = {r["id"]: r for r in await connection.fetch(query("review.rows"), run.id)}
            taken = [line for line in lines if line.id in rows]
            refused += [
                f"line {line.number}: {line.id} is not in review any more"
                for line in lines
                if line.id not in rows
            ]
            if taken:
                await self._decide(connection, run, taken, rows)
        approved = sum(line.decision == "approve" for line in taken)
        return Imported(approved, len(taken) - approved, waiting, tuple(refused))

    async def _check_quiet(self, connection: Connection, run: Run) -> None:
        """Files that are being written just now would not hold what is decided just now."""
        for row in await connection.fetch(query("stages.statuses"), run.id):
            stage = self._graph[row["stage"]]
            needs = [self._graph[name] for name in self._graph.upstream(stage.name)]
            behind = any(need.unit == "company" for need in needs)
            if behind and stage.unit != "company" and row["status"] == "running":
                raise InputError(f"run {run.short_id} is in {stage.name}; import again in a moment")

    async def _decide(
        self, connection: Connection, run: Run, lines: Sequence[Line], rows: dict[str, Any]
    ) -> None:
        who = getpass.getuser()
        for line in lines:
            row = rows[line.id]
            data = {"row": line.id, "company": row["company"], "person": row["person"]}
            given = (run.id, who, line.decision, row["stage"], line.note, data)
            await connection.execute(query("decisions.add"), *given)
        people = [line for line in lines if rows[line.id]["person"]]
        companies = [line for line in lines if not rows[line.id]["person"]]
        passed = {
            row["stage"]
            for row in await connection.fetch(
                query("review.decide_companies"),
                [rows[line.id]["key"] for line in companies],
                [line.decision == "approve" for line in companies],
                [_said(line, who) for line in companies],
                [_reason(line, who) for line in companies],
            )
        }
        passed |= await self._decide_people(connection, run, people, rows, who)
        await self._let_on(connection, run, passed)

    async def _decide_people(
        self,
        connection: Connection,
        run: Run,
        lines: Sequence[Line],
        rows: dict[str, Any],
        who: str,
    ) -> set[str]:
        """The stages that companies passed, or passed with other people, by these decisions."""
        of = await connection.fetch(
            query("review.decide_contacts"),
            [rows[line.id]["key"] for line in lines],
            ["valid" if line.decision == "approve" else "invalid" for line in lines],
            [_reason(line, who) for line in lines],
        )
        companies = sorted({row["company_id"] for row in of})
        counted = await connection.fetch(
            query("review.recount"), companies, run.request.contacts_min
        )
        approved = any(line.decision == "approve" for line in lines)
        return {row["stage"] for row in counted if approved or row["before"] == "review"}

    async def _let_on(self, connection: Connection, run: Run, passed: Iterable[str]) -> None:
        """Companies that passed these stages enter the next ones, which run again with all that
        follows them."""
        graph = self._graph.only(run.route)
        again: set[str] = set()
        for name in passed:
            followers = graph.after(graph[name])
            for follower in followers:
                await self._orchestrator.pull(connection, run.id, graph, follower)
            if not followers:
                await connection.execute(query("records.finish"), run.id, name)
            again |= {stage.name for stage in graph.downstream(name)}
        if again:
            run = await self._orchestrator.reopen(connection, run.id, frozenset(again))
        if run.status == "active":
            await self._orchestrator.move_on(connection, run)


def _said(line: Line, who: str) -> str:
    done = "approved" if line.decision == "approve" else "rejected"
    return f"{done} by {who}{': ' + line.note if line.note else ''}"


def _reason(line: Line, who: str) -> list[dict[str, str]]:
    verdict = "valid" if line.decision == "approve" else "invalid"
    cause = "approved" if line.decision == "approve" else "rejected_by_person"
    return [{"check": "person", "verdict": verdict, "cause": cause, "reason": _said(line, who)}]
