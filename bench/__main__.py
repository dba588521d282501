"""Throughput and scale, printed as ratios: python -m bench [NAME...] [--rounds N] [--profile].

Everything runs beside its yardstick, in turn, on one server with full durability. Figures vary by a
third from run to run and from machine to machine; ratios vary less. None of this is a test.
"""

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable

from app.log import configure_log
from bench.crawl import crawl
from bench.discovery import discovery
from bench.hosts import hosts
from bench.memory import memory
from bench.polite import polite
from bench.race import chain, latency
from bench.server import open_server
from bench.startup import startup

BENCHES: dict[str, Callable[..., Awaitable[None]]] = {
    "chain": chain,
    "latency": latency,
    "crawl": crawl,
    "polite": polite,
    "hosts": hosts,
    "discovery": discovery,
    "memory": memory,
    "startup": startup,
}


async def run(names: list[str], rounds: int, *, profile: bool) -> None:
    """Run the named benches on a server of their own."""
    started = time.monotonic()
    async with open_server() as server:
        for name in names:
            await BENCHES[name](server, rounds, profile=profile)
    print(f"\n{time.monotonic() - started:.0f} s in all")


def main() -> None:
    """Parse, run, print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds (3)")
    parser.add_argument(
        "--profile", action="store_true", help="sample the engine's worker process in round one"
    )
    given = parser.parse_args()
    if unknown := set(given.names) - BENCHES.keys():
        parser.error(f"no bench {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
    configure_log("warning", "json")
    asyncio.run(run(given.names or list(BENCHES), given.rounds, profile=given.profile))


if __name__ == "__main__":
    main()
