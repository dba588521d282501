"""`sluice db`: migrate, status, reset."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.command import Call, command, show_help
from app.errors import InputError

if TYPE_CHECKING:
    from app.db.pool import Database


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    group = typer.Typer(rich_markup_mode=None, invoke_without_command=True)
    group.callback(help="Migrate, inspect or empty the database.")(show_help)
    app.add_typer(group, name="db")
    command(group)(migrate)
    command(group)(status)
    command(group)(reset)


@asynccontextmanager
async def _open(call: Call) -> AsyncIterator["Database"]:
    from app.db.pool import Database

    database = await Database.open(call.settings)
    try:
        yield database
    finally:
        await database.close()


async def migrate(call: Call) -> None:
    """Apply the migrations that are missing. Any number of processes may do so at once."""
    from app.db import migrate as migrations
    from app.wiring import components

    async with _open(call) as database:
        applied = await migrations.migrate(database, components())
    text = "\n".join(f"applied {name}" for name in applied) or "up to date"
    call.console.answer({"applied": applied}, text)


async def status(call: Call) -> int:
    """Say which migrations are missing; exit code 1 if any is."""
    from app.db.migrate import pending
    from app.wiring import components

    async with _open(call) as database:
        missing = await pending(database, components())
    text = "\n".join(f"missing {name}" for name in missing) or "up to date"
    call.console.answer({"missing": missing}, text)
    return 1 if missing else 0


async def reset(
    call: Call,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Even with active runs.")] = False,
) -> None:
    """Drop everything that Sluice keeps in the database, and create it empty."""
    from app.db import migrate as migrations
    from app.db.queries import query
    from app.wiring import components

    async with _open(call) as database:
        if not force and await database.fetchval(query("progress.has_runs")):
            await _refuse_active(database)
        name = (await database.fetchrow(query("progress.server")))["name"]
        if not yes and not _confirmed(f"drop all runs in database {name!r}?"):
            raise InputError("nothing was dropped; give --yes to drop without being asked")
        await migrations.reset(database, components())
        await migrations.migrate(database, components())
    call.console.answer({"reset": True, "database": name}, f"database {name!r} is empty")


async def _refuse_active(database: "Database") -> None:
    from app.db.queries import query

    if active := await database.fetch(query("runs.active_ids")):
        first = str(active[0]["id"])[:8]
        raise InputError(
            f"{len(active)} run(s) are active, first {first}: cancel them, or give --force"
        )


def _confirmed(question: str) -> bool:
    """Ask on a terminal; anything else is a no."""
    import sys

    return sys.stdin.isatty() and typer.confirm(question, err=True)
