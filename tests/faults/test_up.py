"""`sluice up`: a fleet that stands again after every death of a process, and ends as asked."""

import os
import signal
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from app.db.pool import Database
from tests.acceptance.conftest import Cli, cli, finish
from tests.postgres.conftest import eventually

__all__ = ["cli"]

LIVE = "SELECT pid FROM workers WHERE ended_at IS NULL ORDER BY pid"


@asynccontextmanager
async def _up(cli: Cli, *arguments: str) -> AsyncIterator[Process]:
    process = await cli.start("up", *arguments)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()


async def _pids(database: Database, count: int) -> list[int]:
    """The pids of the fleet once so many of its processes have registered."""

    async def all_there() -> Any:
        rows = await database.fetch(LIVE)
        return [row["pid"] for row in rows] if len(rows) == count else None

    pids: list[int] = await eventually(all_there, 30)
    return pids


async def test_a_killed_process_is_started_again_and_sigterm_ends_all_with_0(
    cli: Cli, database: Database
) -> None:
    async with _up(cli, "--workers", "1", "--stage", "contact_research") as up:
        first = await _pids(database, 2)
        os.kill(first[0], signal.SIGKILL)
        await eventually(
            lambda: database.fetchval("SELECT 1 FROM events WHERE what = 'worker_lost'")
        )
        second = await _pids(database, 2)
        up.terminate()
        answer = await finish(up, 30)

    said = [each["message"] for each in answer.events if each["event"] == "note"]
    assert answer.code == 0
    assert len(set(first) & set(second)) == 1
    assert "was ended by SIGKILL: again in 0.5 s" in "\n".join(said)
    assert said[-1] == "all workers have ended"
    assert await database.fetch(LIVE) == []
    assert await database.fetchval("SELECT count(*) FROM procrastinate_workers") == 0


async def test_a_killed_up_leaves_no_process_behind_and_the_next_one_starts(
    cli: Cli, database: Database
) -> None:
    async with _up(cli, "--workers", "2") as up:
        orphans = await _pids(database, 2)
        up.kill()
        await up.wait()
        await eventually(lambda: _gone(orphans), 10)

    assert await database.fetch(LIVE) == []
    async with _up(cli, "--workers", "2") as again:
        await _pids(database, 2)
        again.send_signal(signal.SIGINT)
        assert (await finish(again, 30)).code == 0


async def test_a_second_signal_ends_even_what_does_not_answer(cli: Cli, database: Database) -> None:
    async with _up(cli, "--workers", "1") as up:
        [pid] = await _pids(database, 1)
        os.kill(pid, signal.SIGSTOP)
        up.terminate()
        assert up.stderr is not None
        while b"ending: " not in await up.stderr.readline():
            pass
        up.terminate()
        answer = await finish(up, 15)

    assert answer.code == 1
    assert answer.events[-1]["message"] == "a worker was ended by SIGKILL"


async def test_without_the_folder_of_the_built_in_database_all_end_and_say_why(
    cli: Cli, tmp_path: Path
) -> None:
    del cli.env["SLUICE_DATABASE_URL"]
    async with _up(cli, "--workers", "1") as up:
        assert up.stderr is not None
        while b"worker_started" not in await up.stderr.readline():
            pass
        (tmp_path / "data" / "postgres").rename(tmp_path / "elsewhere")
        answer = await finish(up, 40)

    assert answer.code == 5
    assert "put its folder back, or begin a new run" in answer.err.splitlines()[-1]
    assert not (tmp_path / "data" / "postgres").exists()


async def _gone(pids: list[int]) -> bool:
    return not any(_lives(pid) for pid in pids)


def _lives(pid: int) -> bool:
    """Whether it runs; one that is dead and not yet buried has no command line."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    return False
