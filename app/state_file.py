"""A run as a file that travels: saved here, checked and loaded there, and it goes on.

The file is JSON: what it is (format, version, run, counts), a SHA-256 of its content, and the
content: rows by table. Without `full` it tells of stages, timings, outputs (the plan and its votes
among them) and decisions, and refers to the database for the rest; with it, it holds all that the
run needs to go on elsewhere.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from app import __version__
from app.db.pool import Connection
from app.db.queries import query
from app.errors import InputError
from app.forget import forget_again
from app.log import mask
from app.pipeline.phases import listed
from app.progress import load_progress
from app.records.run import Run
from app.wiring import Engine

FORMAT = "sluice-state"
VERSION = 1
_TABLES = (
    *("runs", "stages", "budgets", "companies", "company_keys", "contacts", "context_items"),
    *("decisions", "duplicates", "items", "stage_log", "costs", "artifacts", "events"),
    *("evidence", "absences", "readings", "pages"),
)
"""In the order in which they are loaded."""
_IN_BRIEF = ("runs", "stages", "budgets", "decisions", "items", "stage_log", "artifacts")
"""What a file holds that is not full."""

_REFERENCES = {"company_id": "companies", "discarded_id": "companies", "item_id": "items"}
"""Columns that hold the id of a row of another table. Ids are new elsewhere."""

_AT_ONCE = 500
"""Rows in one statement: one jsonb value holds 256 MB at most."""

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class State:
    """A file that was read and found whole."""

    run_id: UUID
    full: bool
    content: dict[str, Rows]
    origin: str


async def save_state(engine: Engine, run: Run, path: Path, *, full: bool) -> int:
    """Write the state of a run at this moment, all or nothing, for its owner alone to read; how
    many bytes. Raises InputError where the file cannot be written."""
    content: dict[str, Rows] = {}
    async with (
        engine.database.connection() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        for table in _TABLES if full else _IN_BRIEF:
            rows = await connection.fetch(query(f"state.save_{table}"), run.id)
            content[table] = [row["row"] for row in rows]
    progress = await load_progress(engine.database, run.id)
    document = {
        "format": FORMAT,
        "version": VERSION,
        "program": __version__,
        "run": str(run.id),
        "full": full,
        "database": mask(engine.database.dsn),
        "counts": progress.summary(),
        "sha256": _digest(content),
        "content": content,
    }
    return _write(path, json.dumps(document, ensure_ascii=False, indent=1, default=str))


def read_state(path: Path) -> State:
    """Read and check a file. Raises InputError for one that is damaged, foreign, or of a newer
    version."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"state file {path}: {error.strerror or error}") from None
    except ValueError as error:
        raise InputError(f"state file {path} is damaged or no state file: {error}") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise InputError(f"{path} is no state file of Sluice: save one with --save-state")
    version = document.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise InputError(
            f"state file {path} is of version {version}, written by Sluice"
            f" {document.get('program')}; this one reads up to {VERSION}: upgrade it"
        )
    content = document.get("content")
    if not isinstance(content, dict) or document.get("sha256") != _digest(content):
        raise InputError(f"state file {path} is damaged: its checksum does not fit its content")
    origin = str(document.get("database"))
    return State(UUID(document["run"]), bool(document.get("full")), content, origin)


async def load_state(engine: Engine, path: Path) -> Run:
    """The run of a file, in this database, ready to go on; an active one is active. Raises
    InputError for a file that is refused, for a run that is here already, and for a file that is
    not full; nothing is changed then."""
    state = read_state(path)
    short = str(state.run_id)[:8]
    async with engine.database.transaction() as connection:
        if await connection.fetchrow(query("runs.get"), state.run_id) is not None:
            raise InputError(f"run {short} is in this database: go on with: sluice resume {short}")
        if not state.full:
            raise InputError(
                f"state file {path} refers to {state.origin} for pages and records: save it there"
                " with --full to go on here"
            )
        _check_stages(engine, state, path)
        try:
            await _insert(connection, state)
        except asyncpg.IntegrityConstraintViolationError as error:
            raise InputError(f"state file {path} does not fit this version: {error}") from None
        await forget_again(connection, state.run_id)
        await engine.control.adopt(connection, state.run_id, was=state.content["runs"][0]["status"])
    return await engine.orchestrator.find(str(state.run_id))


def _check_stages(engine: Engine, state: State, path: Path) -> None:
    known = {stage.name for stage in engine.graph}
    if unknown := [name for name in state.content["runs"][0]["route"] if name not in known]:
        raise InputError(
            f"state file {path} goes through {listed(unknown)}, unknown to this Sluice"
        )


async def _insert(connection: Connection, state: State) -> None:
    new: dict[str, dict[int, int]] = {}
    for table in _TABLES:
        rows = [dict(row) for row in state.content.get(table, ())]
        if rows and "id" in rows[0] and table != "runs":
            fresh = await connection.fetch(query("state.new_ids"), f"sluice.{table}", len(rows))
            new[table] = {r["id"]: f["id"] for r, f in zip(rows, fresh, strict=True)}
        for row in rows:
            _adapt(table, row, new)
        for start in range(0, len(rows), _AT_ONCE):
            some = rows[start : start + _AT_ONCE]
            await connection.execute(query(f"state.load_{table}"), some)


def _adapt(table: str, row: dict[str, Any], new: Mapping[str, Mapping[int, int]]) -> None:
    """Ids of this database; nobody holds anything; the run waits."""
    if table in new:
        row["id"] = new[table][row["id"]]
    for column, of in _REFERENCES.items():
        if row.get(column) is not None:
            row[column] = new.get(of, {}).get(row[column])
    if table == "items" and row["state"] == "leased":
        row |= {"state": "ready", "worker_id": None, "leased_until": None}
        row |= {"attempt": max(row["attempt"] - 1, 0), "fence": row["fence"] + 1}
    if table == "runs" and row["status"] == "active":
        row["status"] = "paused"


def _digest(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _write(path: Path, text: str) -> int:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    data = text.encode("utf-8", "surrogatepass")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise InputError(f"state file {path} cannot be written: {error.strerror}") from None
    return len(data)
