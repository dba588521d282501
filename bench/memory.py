"""The memory of one worker process after 100, 1,000 and 10,000 companies: flat, or not."""

import asyncio
import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.wiring import open_engine
from bench.child import child
from bench.contender import PATIENCE, Chain
from bench.engine import chain_graph, find_companies
from bench.server import Server, settings_for

SIZES = (100, 1_000, 10_000)


async def memory(server: Server, _rounds: int, *, profile: bool) -> None:
    """One worker process serves one run after the other; what it keeps is read between them."""
    print("\nmemory: one worker process, no-op stages, 25 items in flight, run after run; aim flat")
    chain = Chain(0, 25)
    async with server.database() as dsn:
        order = {"module": "bench.memory", "dsn": dsn, "chain": asdict(chain), "profile": False}
        async with child("bench.process", json.dumps(order)) as worker:
            await worker.said.readline()
            worker.given.write(b"go\n")
            async with open_engine(settings_for(dsn), graph=chain_graph(chain)) as engine:
                for size in SIZES:
                    await _finish(engine, Chain(size, 25))
                    print(
                        f"  after {size:6,} companies  {_resident(worker.process.pid)}", flush=True
                    )


async def work(dsn: str, chain: Chain, start: Any) -> None:
    """The worker process: serve until it is ended."""
    from bench.engine import serve

    await serve(dsn, chain, start, until_idle=False)


async def _finish(engine: Any, chain: Chain) -> None:
    run = await find_companies(engine, chain)
    sql = "SELECT finished_at FROM runs WHERE id = $1"
    async with asyncio.timeout(PATIENCE):
        while await engine.database.fetchval(sql, run) is None:  # noqa: ASYNC110
            await asyncio.sleep(0.2)


def _resident(pid: int) -> str:
    """Now and at the highest, of a Linux process."""
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    now, peak = (int(re.findall(rf"{name}:\s+(\d+)", status)[0]) for name in ("VmRSS", "VmHWM"))
    return f"{now / 1024:6.1f} MiB resident, {peak / 1024:6.1f} MiB at the highest"
