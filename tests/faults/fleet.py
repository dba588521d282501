"""Worker processes that can be killed, stopped and continued, and what they leave behind."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Process = subprocess.Popen[bytes]

LEASE = 2.0
HEARTBEAT = 0.5


class Fleet:
    """Processes of `tests.faults.worker`, or of another module, each with a log of its own."""

    def __init__(
        self, folder: Path, url: str, module: str = "tests.faults.worker", **options: object
    ) -> None:
        self.module = module
        self.folder = folder
        self.ledger = folder / "ledger"
        self.processes: list[Process] = []
        self._environment = os.environ | {
            **({"SLUICE_DATABASE_URL": url} if url else {}),
            "SLUICE_LEASE": str(LEASE),
            "SLUICE_HEARTBEAT": str(HEARTBEAT),
            "SLUICE_POLL": "0.5",
            "SLUICE_GRACE": "5",
            "SLUICE_CONCURRENCY": "10",
            "SLUICE_BREAKER_WINDOW": "0",
            "SLUICE_DATABASE_TIMEOUT": "5",
            "FAULT_LEDGER": str(self.ledger),
            **{name: str(value) for name, value in options.items()},
        }

    def start(self, *before: str, **options: object) -> Process:
        """One more worker process; `before` are words in front of its command."""
        with self._log(len(self.processes)).open("wb") as log:
            process = subprocess.Popen(
                [*before, sys.executable, "-m", self.module],
                cwd=Path(__file__).parents[2],
                env=self._environment | {name: str(value) for name, value in options.items()},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        return process

    @property
    def living(self) -> list[Process]:
        """The processes that have not ended."""
        return [process for process in self.processes if process.poll() is None]

    @property
    def registered(self) -> list[Process]:
        """The living that have started to work."""
        started = [n for n in range(len(self.processes)) if "worker_started" in self.log_of(n)]
        return [each for each in (self.processes[n] for n in started) if each.poll() is None]

    def log_of(self, number: int) -> str:
        """What a worker printed."""
        return self._log(number).read_text()

    def said(self, event: str) -> list[dict[str, Any]]:
        """The log lines of this event, of all workers."""
        lines = [line for n in range(len(self.processes)) for line in self.log_of(n).splitlines()]
        events = [json.loads(line) for line in lines if line.startswith("{")]
        return [each for each in events if each["event"] == event]

    def done(self) -> Counter[tuple[str, str]]:
        """How often each (stage, domain) was handled, by the ledger."""
        lines = self.ledger.read_text().splitlines() if self.ledger.exists() else []
        return Counter((line.split()[0], line.split()[1]) for line in lines)

    async def started(self) -> bool:
        """Whether any handler was called yet."""
        return bool(self.done())

    async def refused(self) -> bool:
        """Whether a worker learnt that it had lost its lease."""
        return bool(self.said("late_write_refused") or self.said("lease_lost"))

    def where(self) -> None:
        """Make the living print where they stand: to look into what hangs."""
        for process in self.living:
            process.send_signal(signal.SIGUSR2)

    def end(self) -> None:
        """Kill what is left."""
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait(10)

    def _log(self, number: int) -> Path:
        return self.folder / f"worker-{number}.log"


@contextmanager
def a_fleet(folder: Path, url: str, workers: int, **options: Any) -> Iterator[Fleet]:
    """A fleet of so many workers, ended with the block."""
    fleet = Fleet(folder, url, **options)
    try:
        for _ in range(workers):
            fleet.start()
        yield fleet
    except BaseException:
        for number in range(len(fleet.processes)):
            sys.stderr.write(f"worker {number}:\n{fleet.log_of(number)[-4000:]}\n")
        raise
    finally:
        fleet.end()


async def exits(process: Process, seconds: float) -> int:
    """The exit code; fails when the process lives on."""
    return await asyncio.wait_for(asyncio.to_thread(process.wait), seconds)
