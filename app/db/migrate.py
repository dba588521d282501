"""Apply migrations: forward only, in order, one transaction each, under one advisory lock.

Two components: Sluice's own files in `sql/migrations/`, and the queue's shipped schema, each in a
Postgres schema of its own. The table `sluice.migrations` says what was applied, with checksums.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from app.db.pool import Connection, Database
from app.db.queries import SQL_FOLDER
from app.errors import ConfigError, DatabaseUnavailable

_LOCK = 0x5C1CE
_HISTORY = """
CREATE SCHEMA IF NOT EXISTS sluice;
CREATE TABLE IF NOT EXISTS sluice.migrations (
    name       text PRIMARY KEY,
    checksum   text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of SQL. Its name is unique over all components."""

    name: str
    text: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text, in hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Component:
    """What lives in one Postgres schema. With `whole`, a new schema is made from it at once and
    all `migrations` count as applied; without, the migrations build it."""

    schema: str
    migrations: tuple[Migration, ...]
    whole: Migration | None = None


def own_component() -> Component:
    """Sluice's own migrations."""
    files = sorted((SQL_FOLDER / "migrations").glob("*.sql"))
    return Component("sluice", tuple(Migration(f.name, f.read_text("utf-8")) for f in files))


async def migrate(database: Database, components: Sequence[Component]) -> list[str]:
    """Bring the database up to date; the names of what was applied, in order.

    Raises ConfigError when a migration was changed after it was applied or the database is newer
    than this version of Sluice.
    """
    connection = await database.listener()
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK, timeout=120)
        async with connection.transaction():
            await connection.execute(_HISTORY)
        applied: list[str] = []
        for component in components:
            applied += await _apply(connection, component)
        return applied
    finally:
        await connection.close(timeout=5)


async def pending(database: Database, components: Sequence[Component]) -> list[str]:
    """The names of migrations that are not applied yet."""
    exists = await database.fetchval("SELECT to_regclass('sluice.migrations') IS NOT NULL")
    history = await _history(database) if exists else {}
    return [
        m.name for component in components for m in component.migrations if m.name not in history
    ]


async def require_current(database: Database, components: Sequence[Component]) -> None:
    """Raise DatabaseUnavailable when migrations are missing."""
    if missing := await pending(database, components):
        raise DatabaseUnavailable(
            f"the database lacks {len(missing)} migration(s), first {missing[0]}:"
            " run: sluice db migrate"
        )


async def reset(database: Database, components: Sequence[Component]) -> None:
    """Drop everything that Sluice made in this database, and only that."""
    async with database.transaction() as connection:
        for component in components:
            await connection.execute(f'DROP SCHEMA IF EXISTS "{component.schema}" CASCADE')


async def _history(database: Database | Connection) -> dict[str, str]:
    rows = await database.fetch("SELECT name, checksum FROM sluice.migrations")
    return {row["name"]: row["checksum"] for row in rows}


async def _apply(connection: Connection, component: Component) -> list[str]:
    history = await _history(connection)
    if component.whole is None:
        _refuse_changes(component, history)
    elif not any(migration.name in history for migration in component.migrations):
        await _run(connection, component, component.whole, record=component.migrations)
        return [component.whole.name]
    missing = [m for m in component.migrations if m.name not in history]
    for migration in missing:
        await _run(connection, component, migration, record=(migration,))
    return [migration.name for migration in missing]


def _refuse_changes(component: Component, history: dict[str, str]) -> None:
    for migration in component.migrations:
        if history.get(migration.name, migration.checksum) != migration.checksum:
            raise ConfigError(
                f"migration {migration.name} was changed after it was applied:"
                " restore the file and add a new migration"
            )
    latest = max((m.name for m in component.migrations), default="")
    for name in history:
        if name[:4].isdigit() and name.endswith(".sql") and name > latest and "_" in name[:6]:
            raise ConfigError(f"the database has migration {name}: it needs a newer Sluice")


async def _run(
    connection: Connection, component: Component, migration: Migration, record: Sequence[Migration]
) -> None:
    async with connection.transaction():
        await connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{component.schema}"')
        await connection.execute(f'SET LOCAL search_path TO "{component.schema}"')
        await connection.execute(migration.text, timeout=600)
        await connection.executemany(
            "INSERT INTO sluice.migrations (name, checksum) VALUES ($1, $2)",
            [(each.name, each.checksum) for each in record],
        )
