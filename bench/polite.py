"""Politeness: a whole run over 50 sites of 8 pages with a second between requests to one site.

What politeness alone costs is a second for every request to a site but the first. Beside it Scrapy
reads the same pages with the same spacing, where the extra `bench` is installed.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import aiohttp

from bench.child import ROOT, served
from bench.polite_sites import PAGES, addresses
from bench.server import Server

SITES = 50


@dataclass(frozen=True, slots=True)
class Race:
    """`crawl`: from the first request to the last; `whole`: of the command; `polite`: what spacing
    alone costs the site that was asked most. All in seconds."""

    pages: int
    crawl: float
    whole: float
    polite: float

    def line(self, name: str) -> str:
        """One row of the report."""
        return (
            f"  {name:8} {self.pages:5} pages in {self.crawl:.1f} s, {self.pages / self.crawl:.1f}"
            f" a second, {self.crawl / self.polite:.2f} x; the whole command {self.whole:.1f} s"
        )


async def polite(server: Server, _rounds: int, *, profile: bool) -> None:
    """Sluice from criteria to files, then Scrapy from addresses to items."""
    hosts = addresses(SITES)
    async with served("bench.polite_sites", str(SITES)) as port, server.database() as dsn:
        starts = [f"http://{host}:{port}/" for host in hosts]
        with tempfile.TemporaryDirectory(prefix="sluice-bench-") as folder:
            ours = await _raced(_sluice(starts, Path(folder)), starts[0], _settings(dsn, port))
        theirs = None
        if find_spec("scrapy"):
            theirs = await _raced(["-m", "bench.polite_scrapy", *starts], starts[0], {})
    print(f"\npolite: {SITES} sites of {len(PAGES)} pages, 1 s between two requests to one site;")
    print(f"politeness alone {ours.polite:.0f} s; aim at most 1.2 x, and not slower than Scrapy")
    print(ours.line("sluice"))
    print(
        theirs.line("scrapy") if theirs else "  scrapy   is not installed: pip install -e .[bench]"
    )


def _sluice(starts: list[str], folder: Path) -> list[str]:
    rows = [f"Firm {n} Property Management,{url}" for n, url in enumerate(starts)]
    (folder / "firms.csv").write_text("\n".join(["name,website", *rows]))
    return [
        *("-m", "app.cli", "run", "--source", f"csv_file:{folder / 'firms.csv'}", "--json"),
        *("--quantity", str(len(starts)), "--contacts-min", "0", "--output-dir", str(folder)),
    ]


def _settings(dsn: str, port: int) -> dict[str, str]:
    allowed = [f"{host}:{port}" for host in addresses(SITES)]
    return {
        "SLUICE_DATABASE_URL": dsn,
        "SLUICE_ALLOW_ADDRESSES": json.dumps(allowed),
        "SLUICE_MAX_PAGES": str(len(PAGES)),
    }


async def _raced(command: list[str], ledger: str, settings: dict[str, str]) -> Race:
    """Run a command to its end; what the sites noted meanwhile."""
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{ledger}ledger"):
            started = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *command,
            cwd=ROOT,
            env=os.environ | settings,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        _, said = await process.communicate()
        whole = time.perf_counter() - started
        if process.returncode:
            raise RuntimeError(f"{command[:3]} ended with {process.returncode}: {said[-500:]!r}")
        async with session.get(f"{ledger}ledger") as answer:
            asked = (await answer.json()).values()
    return Race(
        sum(int(pages) for _, pages, _, _ in asked),
        max(last for *_, last in asked) - min(first for _, _, first, _ in asked),
        whole,
        max(requests for requests, *_ in asked) - 1.0,
    )
