"""How long `sluice --help` takes, and how much of it is imports."""

import asyncio
import statistics
import sys
import time

from bench.server import Server

TIMES = 7
_HELP = "import sys; sys.argv = ['sluice', '--help']; from app.cli import main; main()"


async def startup(_server: Server, _rounds: int, *, profile: bool) -> None:
    """Medians of new processes, one after the other."""
    print(f"\nstartup: wall time, median of {TIMES} processes")
    bare = await _median("pass")
    imported = await _median("import app.cli")
    shown = await _median(_HELP)
    print(f"  python alone      {bare * 1000:6.0f} ms")
    print(f"  import app.cli    {(imported - bare) * 1000:6.0f} ms more")
    print(f"  sluice --help     {shown * 1000:6.0f} ms in all   aim below 500 ms")


async def _median(code: str) -> float:
    return statistics.median([await _once(code) for _ in range(TIMES)])


async def _once(code: str) -> float:
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdout=asyncio.subprocess.DEVNULL
    )
    if await process.wait():
        raise RuntimeError(f"{code!r} ended with {process.returncode}")
    return time.perf_counter() - started
