"""Migrations: forward, once, under a lock, in schemas of their own."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from app.db.migrate import migrate, own_component, pending, require_current, reset
from app.db.pool import Database
from app.errors import ConfigError, DatabaseUnavailable
from app.settings import Settings
from app.wiring import components
from tests.conftest import _execute, database_named


@pytest.fixture
async def empty(server: str, request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    name = f"empty_{abs(hash(request.node.name))}"
    await _execute(server, f'CREATE DATABASE "{name}"')
    url = database_named(server, name)
    database = await Database.open(Settings(SLUICE_DATABASE_URL=url))  # type: ignore[call-arg]
    yield database
    await database.close()
    await _execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


async def test_an_empty_database_gets_everything_once(empty: Database) -> None:
    first = await migrate(empty, components())
    second = await migrate(empty, components())

    assert first[-1] == "procrastinate schema"
    assert second == []
    assert await pending(empty, components()) == []


async def test_five_migrations_at_once_apply_each_file_once(empty: Database) -> None:
    applied = await asyncio.gather(*(migrate(empty, components()) for _ in range(5)))

    assert sorted(map(len, applied))[:4] == [0, 0, 0, 0]
    assert await pending(empty, components()) == []


async def test_nothing_is_made_outside_our_two_schemas_and_reset_leaves_nothing(
    empty: Database,
) -> None:
    others = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    await migrate(empty, components())

    assert await empty.fetchval(others) == 0
    await reset(empty, components())
    schemas = await empty.fetch("SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|info)'")
    assert [row["nspname"] for row in schemas] == ["public"]


async def test_a_changed_migration_is_refused(empty: Database) -> None:
    await migrate(empty, components())
    own, queue = components()
    changed = replace(own.migrations[0], text=own.migrations[0].text + "-- changed")

    with pytest.raises(ConfigError, match="was changed after it was applied"):
        await migrate(empty, [replace(own, migrations=(changed, *own.migrations[1:])), queue])


async def test_a_database_without_schema_says_which_command_makes_it(empty: Database) -> None:
    with pytest.raises(DatabaseUnavailable, match="sluice db migrate"):
        await require_current(empty, components())


async def test_a_newer_database_is_refused(empty: Database) -> None:
    await migrate(empty, components())
    await empty.fetch(
        "INSERT INTO sluice.migrations (name, checksum) VALUES ('9999_add_time_travel.sql', '')"
    )

    with pytest.raises(ConfigError, match="needs a newer Sluice"):
        await migrate(empty, [own_component()])
