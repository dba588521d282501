"""The real command line, as a process of its own, on a database of the test's own."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "app" / "sample"


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Stdout as the one JSON object that it must be."""
        answer: dict[str, Any] = json.loads(self.out)
        return answer

    @property
    def complaint(self) -> str:
        """Stderr as the one line that it must be."""
        [line] = self.err.splitlines()
        return line

    @property
    def events(self) -> list[dict[str, Any]]:
        """Stderr as JSON lines."""
        return [json.loads(line) for line in self.err.splitlines() if line.startswith("{")]


def _hear_ctrl_c() -> None:
    """A shell that starts the tests in the background has SIGINT ignored, and children
    inherit it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Cli:
    """Starts `sluice` in a folder, with settings of its own."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.folder = folder
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.env = {**kept, "PYTHONPATH": str(ROOT), **settings}

    async def start(self, *arguments: str, module: str = "app.cli") -> asyncio.subprocess.Process:
        """A process that runs on."""
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            *arguments,
            cwd=self.folder,
            env=self.env,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            preexec_fn=_hear_ctrl_c,
        )

    async def __call__(self, *arguments: str, module: str = "app.cli") -> Answer:
        """Run a command to its end."""
        return await finish(await self.start(*arguments, module=module))


async def finish(process: asyncio.subprocess.Process, seconds: float = 90) -> Answer:
    """Wait for a process; kill it when it takes too long."""
    try:
        out, err = await asyncio.wait_for(process.communicate(), seconds)
    except TimeoutError:
        process.kill()
        raise
    return Answer(process.returncode or 0, out.decode(), err.decode())


async def eventually(check: Callable[[], Awaitable[Any]], seconds: float = 60) -> Any:
    """Wait until `check` returns something true."""
    deadline = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < deadline:
        if answer := await check():
            return answer
        await asyncio.sleep(0.05)
    raise AssertionError("never became true")


@pytest.fixture
def dry(tmp_path: Path) -> Cli:
    """A command line whose database is not there: for what must be said before it is needed."""
    return Cli(
        tmp_path,
        {
            "SLUICE_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing",
            "SLUICE_DATABASE_DEADLINE": "0.3",
            "SLUICE_DATA_DIR": str(tmp_path / "data"),
        },
    )


@pytest.fixture
async def cli(tmp_path: Path, database_url: str) -> AsyncIterator[Cli]:
    """A command line on a migrated database, with short waits; its workers end with the test."""
    yield Cli(
        tmp_path,
        {
            "SLUICE_DATABASE_URL": database_url,
            "SLUICE_DATA_DIR": str(tmp_path / "data"),
            "SLUICE_LEASE": "3",
            "SLUICE_HEARTBEAT": "0.5",
            "SLUICE_POLL": "0.2",
            "SLUICE_BACKOFF": "0.1",
        },
    )
    await _end_workers(database_url)


async def _end_workers(database_url: str) -> None:
    """Kill what a test that failed left behind."""
    connection = await asyncpg.connect(database_url)
    rows = await connection.fetch("SELECT pid FROM sluice.workers WHERE ended_at IS NULL")
    await connection.close()
    for row in rows:
        if row["pid"] != os.getpid():
            with suppress(ProcessLookupError):
                os.kill(row["pid"], signal.SIGKILL)
