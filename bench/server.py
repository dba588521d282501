"""A Postgres server for one bench, with full durability, in a temporary folder."""

import asyncio
import itertools
import os
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from app.db.embedded import hold_async
from app.db.migrate import migrate
from app.db.pool import Database
from app.settings import Settings
from app.wiring import components

_TEMPLATE = "template_bench"


class Server:
    """Databases with the whole schema, one for each figure."""

    def __init__(self, dsn: str, folder: Path) -> None:
        self._dsn = dsn
        self._folder = folder
        self._numbers = itertools.count(1)

    @asynccontextmanager
    async def database(self) -> AsyncIterator[str]:
        """The address of a new database, which is dropped afterwards."""
        name = f"bench_{next(self._numbers)}"
        await self._execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        try:
            yield self._address(name)
        finally:
            await self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    async def prepare(self) -> None:
        """Migrate the database that the others are copies of."""
        await self._execute(f"CREATE DATABASE {_TEMPLATE}")
        database = await Database.open(settings_for(self._address(_TEMPLATE)))
        try:
            await migrate(database, components())
        finally:
            await database.close()

    def cpu(self) -> float:
        """Seconds of processor time that the server and all its processes took (Linux; else 0)."""
        pid_file = next(self._folder.glob("postgres/*/postmaster.pid"), None)
        if pid_file is None or not Path("/proc/self/stat").exists():
            return 0.0
        postmaster = pid_file.read_text("utf-8").split("\n", 1)[0]
        own = [_times(Path("/proc") / postmaster / "stat")]
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                own.append(_times(stat, parent=postmaster))
        return sum(own) / os.sysconf("SC_CLK_TCK")

    def _address(self, name: str) -> str:
        return urlunsplit(urlsplit(self._dsn)._replace(path=f"/{name}"))

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self._dsn)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


def settings_for(dsn: str) -> Settings:
    """The defaults, for the database at `dsn`."""
    return Settings(database_url=dsn, data_dir=Path("unused"))  # type: ignore[arg-type]


@asynccontextmanager
async def open_server() -> AsyncIterator[Server]:
    """Start the server; stop it and remove its folder at the end."""
    with tempfile.TemporaryDirectory(prefix="sluice-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with await hold_async(folder) as held:
            server = Server(held.dsn, folder)
            await server.prepare()
            yield server
        await asyncio.to_thread(_wait_gone, folder)


def _times(stat: Path, parent: str = "") -> int:
    """Clock ticks of a process and of its children that ended; 0 if `parent` is not its parent."""
    fields = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
    return 0 if parent not in ("", fields[1]) else sum(map(int, fields[11:15]))


def _wait_gone(folder: Path) -> None:
    """The server stops a moment after the last hold."""
    deadline = time.monotonic() + 10
    while list(folder.glob("postgres/*/postmaster.pid")) and time.monotonic() < deadline:
        time.sleep(0.02)
