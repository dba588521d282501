"""A Postgres of one test's own, that can be stopped at once, kept down, and started again."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from app.db.embedded import Hold, hold
from app.db.migrate import migrate
from app.db.pool import Database
from app.settings import Settings
from app.wiring import components


class Server:
    """The built-in server of a folder, durable: what it committed must be there after a crash.
    Its keeper, which would start it again at once, sleeps for as long as it is to be down."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._held: Hold | None = None
        self._keeper = 0

    @property
    def url(self) -> str:
        """Its address; another one when its port was lost while it was down."""
        assert self._held is not None
        return self._held.dsn

    @property
    def address(self) -> tuple[str, int]:
        """Host and port."""
        parts = urlsplit(self.url)
        return parts.hostname or "", parts.port or 0

    @property
    def postmaster(self) -> int:
        """The pid of the server."""
        pid_file = self.folder / "postgres" / "data" / "postmaster.pid"
        return int(pid_file.read_text().split()[0])

    async def start(self) -> None:
        """Start it, or wake its keeper to start it; returns when it answers."""
        if self._keeper:
            os.kill(self._keeper, signal.SIGCONT)
            self._keeper = 0
        fresh = await asyncio.to_thread(hold, self.folder)
        old, self._held = self._held, fresh
        if old is not None:
            old.release()

    def stop(self, number: signal.Signals = signal.SIGQUIT) -> None:
        """End it without a checkpoint (`pg_ctl stop -m immediate`); it stays down."""
        server = self.postmaster
        self._keeper = _parent(server)
        os.kill(self._keeper, signal.SIGSTOP)
        os.kill(server, number)

    def close(self) -> None:
        """Let go of it; the keeper ends it."""
        if self._keeper:
            os.kill(self._keeper, signal.SIGCONT)
        if self._held is not None:
            self._held.release()


@asynccontextmanager
async def a_server(folder: Path) -> AsyncIterator[Server]:
    """A server with the schema in it."""
    server = Server(folder)
    try:
        await server.start()
        database = await Database.open(Settings(SLUICE_DATABASE_URL=server.url))  # type: ignore[call-arg]
        await migrate(database, components())
        await database.close()
        yield server
    finally:
        server.close()


def _parent(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[1])
