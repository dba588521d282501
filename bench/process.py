"""The worker process of a contender: python -m bench.process ORDER.

It says "ready" on standard output when it is connected, waits for a line on standard input, works
until the chain is empty, and says how many processor seconds that took.
"""

import asyncio
import importlib
import json
import sys
import time
from collections.abc import Awaitable, Callable

from bench.sampling import Sampler

Start = Callable[[], Awaitable[None]]
"""A worker awaits it once it is connected; it returns when the time runs."""


def main() -> None:
    """Run `work(dsn, chain, start)` of the module that the order names."""
    from bench.contender import Chain

    order = json.loads(sys.argv[1])
    work = importlib.import_module(order["module"]).work
    sampler = Sampler()
    before = 0.0

    async def start() -> None:
        nonlocal before
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        before = time.process_time()
        if order["profile"]:
            sampler.start()

    asyncio.run(work(order["dsn"], Chain(**order["chain"]), start))
    spent = time.process_time() - before
    if order["profile"]:
        sampler.stop()
        print(sampler.report(25), file=sys.stderr, flush=True)
    print(spent, flush=True)


if __name__ == "__main__":
    main()
