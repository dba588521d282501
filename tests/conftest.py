"""Real Postgres for every test that stores something: a clone of a migrated template each."""

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import hypothesis
import pytest

from app.db.embedded import hold
from app.db.migrate import migrate, own_component
from app.db.pool import Database
from app.log import configure_log
from app.queue import queue_component
from app.settings import Settings

_NUMBERS = itertools.count(1)

# Timing decides no test; where CI is set, the same examples are tried every time.
hypothesis.settings.register_profile("sluice", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("sluice")


@pytest.fixture(scope="session", autouse=True)
def _clean_environment() -> Iterator[None]:
    """Settings of the person who runs the tests do not change what is tested."""
    kept = {name: os.environ.pop(name) for name in list(os.environ) if _is_setting(name)}
    yield
    os.environ.update(kept)


@pytest.fixture(autouse=True)
def _plain_log() -> None:
    configure_log("debug", "json")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Postgres server of our own, or of TEST_DATABASE_URL."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    with hold(tmp_path_factory.mktemp("postgres"), durable=False) as held:
        yield held.dsn


@pytest.fixture(scope="session")
def template(server: str) -> str:
    """The name of a database with the whole schema."""
    name = f"template_{os.getpid()}"
    asyncio.run(_make_template(server, name))
    return name


@pytest.fixture
async def database_url(server: str, template: str) -> AsyncIterator[str]:
    """A database of this test's own."""
    name = f"test_{os.getpid()}_{next(_NUMBERS)}"
    await _execute(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield database_named(server, name)
    await _execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings that point at this test's database, with short waits."""
    return Settings(
        SLUICE_DATABASE_URL=database_url,  # type: ignore[call-arg]
        data_dir=tmp_path / "data",
        lease=3.0,
        heartbeat=0.5,
        poll=0.2,
        backoff=0.05,
        host_spacing=0.0,
    )


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    """A pool on this test's database."""
    opened = await Database.open(settings)
    yield opened
    await opened.close()


def database_named(server: str, name: str) -> str:
    """The address of another database of the same server."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


async def _make_template(server: str, name: str) -> None:
    await _execute(server, f'CREATE DATABASE "{name}"')
    url = database_named(server, name)
    database = await Database.open(Settings(SLUICE_DATABASE_URL=url))  # type: ignore[call-arg]
    try:
        await migrate(database, [own_component(), queue_component()])
    finally:
        await database.close()


async def _execute(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _is_setting(name: str) -> bool:
    return name.startswith(("SLUICE_", "PG")) or name == "DATABASE_URL"
