"""Worker processes that can be killed, stopped and continued, and what they leave behind."""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.db.pool import Database


class Fleet:
    """Processes of `tests.faults.worker`, each with a log of its own."""

    def __init__(self, folder: Path, url: str, **options: object) -> None:
        self.folder = folder
        self.ledger = folder / "ledger"
        self.processes: list[subprocess.Popen[bytes]] = []
        self._environment = os.environ | {
            **({"SLUICE_DATABASE_URL": url} if url else {}),
            "SLUICE_LEASE": "2",
            "SLUICE_HEARTBEAT": "0.4",
            "SLUICE_POLL": "0.2",
            "SLUICE_GRACE": "5",
            "SLUICE_CONCURRENCY": "10",
            "SLUICE_DATABASE_TIMEOUT": "5",
            "FAULT_LEDGER": str(self.ledger),
            **{name: str(value) for name, value in options.items()},
        }

    def start(self) -> "subprocess.Popen[bytes]":
        """One more worker process."""
        with (self.folder / f"worker-{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.worker"],
                cwd=Path(__file__).parents[2],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        return process

    def log_of(self, number: int) -> str:
        """What a worker printed."""
        return (self.folder / f"worker-{number}.log").read_text()

    def done(self) -> Counter[tuple[str, str]]:
        """How often each (stage, domain) was handled, by the ledger."""
        lines = self.ledger.read_text().splitlines() if self.ledger.exists() else []
        return Counter((line.split()[0], line.split()[1]) for line in lines)

    def end(self) -> None:
        """Kill what is left."""
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait(10)


@contextmanager
def a_fleet(folder: Path, url: str, workers: int, **options: object) -> Iterator[Fleet]:
    """A fleet of so many workers, ended with the block."""
    fleet = Fleet(folder, url, **options)
    try:
        for _ in range(workers):
            fleet.start()
        yield fleet
    finally:
        fleet.end()


async def exits(process: "subprocess.Popen[bytes]", seconds: float) -> int:
    """The exit code; fails when the process lives on."""
    return await asyncio.wait_for(asyncio.to_thread(process.wait), seconds)


async def ledger_is_clean(database: Database) -> dict[str, Any]:
    """What must be zero after every fault: items lost, doubled, stuck, jobs left."""
    row = await database.fetchrow("""
        SELECT (SELECT count(*) FROM items
                WHERE state NOT IN ('done', 'skipped', 'review', 'failed', 'quarantined')) AS lost,
               (SELECT count(*) FROM (SELECT FROM companies GROUP BY run_id, domain
                                      HAVING count(*) > 1) AS d) AS doubled,
               (SELECT count(*) FROM (SELECT FROM stage_log WHERE status = 'done'
                                      GROUP BY item_id HAVING count(*) > 1) AS d) AS settled_twice,
               (SELECT count(*) FROM items WHERE state = 'leased') AS stuck
        """)
    return dict(row)


CLEAN = {"lost": 0, "doubled": 0, "settled_twice": 0, "stuck": 0}
