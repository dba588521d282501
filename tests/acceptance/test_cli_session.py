"""An interactive run: at each stage's end a person says how it goes on."""

import asyncio
import os
import sys

from tests.acceptance.conftest import SAMPLE, Answer, Cli, finish

RUN = (
    *("run", "--source", f"csv_file:{SAMPLE / 'companies.csv'}"),
    *("--replay", str(SAMPLE / "web"), "--output-dir", "out", "--quantity", "5"),
)


async def test_without_a_terminal_it_waits_with_4_and_says_how_to_answer(cli: Cli) -> None:
    waits = await cli(*RUN, "-i", "--json")
    short = waits.json["run"][:8]

    assert (waits.code, waits.json["status"], waits.json["after"]) == (4, "paused", "intake")
    assert waits.json["answers"]["continue"] == f"sluice resume {short} -i"

    stopped = await _on_terminal(cli, "x\nt\n", "run", "--resume-session")

    assert stopped.code == 0
    assert "context is complete" in stopped.err
    assert "'x' is none of: c, r, e, s, t" in stopped.err
    assert f"the session waits: sluice resume {short} -i" in stopped.err
    ended = await cli("resume", short, "--json")
    assert (ended.code, ended.json["delivered"]) == (0, 5)


async def test_there_may_be_no_session_to_take_up(cli: Cli) -> None:
    answer = await cli("run", "--resume-session")

    assert answer.code == 2
    assert "no interactive session waits" in answer.complaint


async def _on_terminal(cli: Cli, typed: str, *arguments: str) -> Answer:
    """Run a command whose standard input is a terminal on which this was typed."""
    master, slave = os.openpty()
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "app.cli", *arguments),
            cwd=cli.folder,
            env=cli.env,
            stdin=slave,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        os.write(master, typed.encode())
        return await finish(process)
    finally:
        os.close(master)
        os.close(slave)
