"""A data folder with the built-in server in it, and processes that hold it."""

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg

from app.db.embedded import hold

_ROOT = Path(__file__).parents[3]
PATHS = {"PYTHONPATH": os.pathsep.join([str(_ROOT), *sys.path]), "PATH": os.environ["PATH"]}
AS_ROOT = os.geteuid() == 0
HOLD_UNTIL_TOLD = """
import sys
from pathlib import Path
from app.db.embedded import hold
with hold(Path(sys.argv[1]), durable=False) as held:
    print(held.dsn, flush=True)
    sys.stdin.readline()
"""
FORK_AND_RELEASE = """
import os, sys
from pathlib import Path
from app.db.embedded import hold
held = hold(Path(sys.argv[1]), durable=False)
if os.fork():
    held.release()
    print("released", flush=True)
sys.stdin.read()
"""
HOLD_AGAIN_AND_AGAIN = """
import sys, time
from pathlib import Path
from app.db.embedded import hold
from tests.postgres.embedded.box import ask
for turn in range(10):
    with hold(Path(sys.argv[1]), durable=False) as held:
        print(ask(held.dsn, "SELECT 1"), flush=True)
    time.sleep(turn * 0.037 % 0.25)
"""


class Box:
    """A data folder, what runs in it, and every process of it that a test has seen."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.folder = data_dir / "postgres"
        self.seen: set[int] = set()
        self.processes: list[subprocess.Popen[str]] = []

    @property
    def server(self) -> int:
        """The pid of the running server; the keeper is its parent."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        self.seen |= {pid, parent_of(pid)}
        return pid

    @property
    def keeper(self) -> int:
        return parent_of(self.server)

    @property
    def log(self) -> str:
        return (self.folder / "postgres.log").read_text()

    def process(
        self, script: str, *, python: str = sys.executable, **options: Any
    ) -> "subprocess.Popen[str]":
        """Start a Python process that works on this folder; closing its stdin ends it."""
        command = [python, "-c", script, str(self.data_dir)]
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            command, env=PATHS, stdin=pipe, stdout=pipe, text=True, **options
        )
        self.processes.append(process)
        return process

    def start_and_stop(self) -> str:
        """One life of a server, to its end; the address it had."""
        with hold(self.data_dir, durable=False) as held:
            assert self.server
        wait(self.is_empty)
        return held.dsn

    def close(self) -> None:
        """End what a failed test left, and see that nothing else is left; spare the disk."""
        for process in self.processes:
            process.kill()
            process.communicate()
        wait(self.is_empty)
        shutil.rmtree(self.folder / "data", ignore_errors=True)

    def is_empty(self) -> bool:
        """No process that was seen runs, and a server would not be found here."""
        return not any(map(runs, self.seen)) and not (self.folder / "data/postmaster.pid").exists()


def ask(dsn: str, sql: str) -> Any:
    return asyncio.run(fetch(dsn, sql))


async def fetch(dsn: str, sql: str) -> Any:
    connection = await asyncpg.connect(dsn)
    try:
        if sql.startswith("SELECT"):
            return await connection.fetchval(sql)
        return await connection.execute(sql)
    finally:
        await connection.close()


def line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def wait(condition: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        time.sleep(0.01)


def status_of(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def parent_of(pid: int) -> int:
    return int(status_of(pid)["PPid"])


def runs(pid: int) -> bool:
    """A zombie has ended; only nobody has asked for its exit code yet."""
    try:
        return not status_of(pid)["State"].startswith(("Z", "X"))
    except (FileNotFoundError, ProcessLookupError):
        return False
