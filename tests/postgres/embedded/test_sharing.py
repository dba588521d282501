"""The built-in server: started by the first process, shared, gone after the last one."""

import asyncio
import os
import signal
import stat
import sys
import time

import asyncpg
import pytest

from app.db.embedded import hold, hold_async
from tests.postgres.embedded.box import (
    FORK_AND_RELEASE,
    HOLD_AGAIN_AND_AGAIN,
    HOLD_UNTIL_TOLD,
    Box,
    ask,
    fetch,
    line,
    runs,
    wait,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def test_the_database_is_unicode_durable_and_private(fresh_box: Box) -> None:
    with hold(fresh_box.data_dir) as held:
        settings = ask(
            held.dsn,
            "SELECT pg_encoding_to_char(encoding) || ' ' || lower('ÄÖ') || ' '"
            " || current_setting('fsync') || ' ' || current_setting('listen_addresses') || ' '"
            " || current_setting('unix_socket_directories') || ' ' || current_user"
            " FROM pg_database WHERE datname = 'sluice'",
        )
        with pytest.raises(asyncpg.InvalidPasswordError):
            ask(held.dsn.replace((fresh_box.folder / "password").read_text(), "wrong"), "SELECT 1")
        server = fresh_box.server

    assert settings == "UTF8 äö on 127.0.0.1  sluice"
    assert stat.S_IMODE((fresh_box.folder / "password").stat().st_mode) == 0o600
    wait(lambda: not runs(server))
    assert fresh_box.log.rstrip().endswith("database system is shut down")


def test_processes_that_come_at_once_share_one_server_until_the_last_has_gone(
    fresh_box: Box,
) -> None:
    processes = [fresh_box.process(HOLD_UNTIL_TOLD) for _ in range(4)]
    addresses = {line(process) for process in processes}
    server = fresh_box.server

    for process in processes[:3]:
        process.communicate("end\n")
    shared = ask(next(iter(addresses)), "SELECT 1")
    processes[3].communicate("end\n")

    assert len(addresses) == 1
    assert shared == 1
    assert fresh_box.log.count("LOG:  starting PostgreSQL") == 1
    wait(lambda: not runs(server))
    assert fresh_box.log.rstrip().endswith("database system is shut down")


def test_a_killed_holder_counts_as_gone(box: Box) -> None:
    process = box.process(HOLD_UNTIL_TOLD)
    line(process)
    server = box.server

    process.kill()
    process.communicate()

    wait(lambda: not runs(server))
    assert box.log.rstrip().endswith("database system is shut down")


def test_a_killed_keeper_takes_its_server_along_and_the_next_hold_brings_it_back(
    box: Box,
) -> None:
    with hold(box.data_dir, durable=False) as held:
        ask(held.dsn, "CREATE TABLE kept AS SELECT 7 AS n")
        server = box.server

        os.kill(box.keeper, signal.SIGKILL)
        wait(lambda: not runs(server))

        with hold(box.data_dir, durable=False) as again:
            assert again.dsn == held.dsn
            assert box.server != server
            assert ask(again.dsn, "SELECT n FROM kept") == 7


def test_a_killed_server_is_started_again_on_its_port(box: Box) -> None:
    with hold(box.data_dir, durable=False) as held:
        server, keeper = box.server, box.keeper

        os.kill(server, signal.SIGKILL)
        wait(lambda: not runs(server))

        with hold(box.data_dir, durable=False) as again:
            assert again.dsn == held.dsn
            assert box.server != server
            assert box.keeper == keeper


def test_a_keeper_that_is_told_to_end_stops_its_server_cleanly(box: Box) -> None:
    with hold(box.data_dir, durable=False):
        server = box.server

        os.kill(box.keeper, signal.SIGTERM)

        wait(lambda: not runs(server))
        assert box.log.rstrip().endswith("database system is shut down")


def test_a_hold_taken_while_another_process_lets_go_always_finds_a_server(box: Box) -> None:
    other = box.process(HOLD_AGAIN_AND_AGAIN)
    answers = []
    for turn in range(10):
        with hold(box.data_dir, durable=False) as held:
            answers.append(ask(held.dsn, "SELECT 1"))
        time.sleep(turn * 0.023 % 0.25)

    output, _ = other.communicate()

    assert answers == [1] * 10
    assert output.split() == ["1"] * 10


def test_a_forked_child_does_not_inherit_the_hold(box: Box) -> None:
    parent = box.process(FORK_AND_RELEASE)

    released = line(parent)

    assert released == "released"
    wait(lambda: "database system is shut down" in box.log)
    parent.communicate()


async def test_a_cancelled_hold_is_released_when_it_comes(fresh_box: Box) -> None:
    holding = asyncio.create_task(hold_async(fresh_box.data_dir, durable=False))
    await asyncio.to_thread(wait, (fresh_box.folder / "data.new").exists)

    holding.cancel()

    with pytest.raises(asyncio.CancelledError):
        await holding
    await asyncio.to_thread(wait, lambda: "database system is shut down" in fresh_box.log)
    with await hold_async(fresh_box.data_dir, durable=False) as held:
        assert await fetch(held.dsn, "SELECT 1") == 1
        assert fresh_box.server
