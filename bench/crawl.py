"""Crawl and extraction: pages a second of one core, over real HTTP on loopback.

The sites are those in a folder beside the checkout (*/sites/web), else the bundled sample. They are
served by a process of their own; the crawler is the real one, robots and guard included, with no
spacing between requests. What is divided by is the processor time of the crawler's process.
"""

import asyncio
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp.abc import AbstractResolver, ResolveResult

from app import registry
from app.clock import SystemClock
from app.crawl.crawl import crawl_site
from app.crawl.document import Document
from app.crawl.domains import registrable
from app.crawl.fetch import HttpFetcher
from app.crawl.limits import Limits
from app.extractors import Extractor, Site
from bench.child import ROOT, served
from bench.server import Server
from bench.sites import start_pages

SECONDS = 5.0
"""Passes over the folder are made for so long, after one that warms up and does not count."""
AT_ONCE = 25


class Loopback(AbstractResolver):
    """Every name is this machine."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """One answer."""
        there = ResolveResult(
            hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0
        )
        return [there]

    async def close(self) -> None:
        """Nothing is open."""


@dataclass
class Spent:
    """Pages, and processor seconds by what they were spent for."""

    pages: int = 0
    sites: int = 0
    bytes: int = 0
    facts: int = 0
    crawl: float = 0.0
    wall: float = 0.0
    extractors: dict[str, float] = field(default_factory=dict)


async def crawl(_server: Server, _rounds: int, *, profile: bool) -> None:
    """Read all sites again and again, then the pages with every extractor."""
    beside = sorted(ROOT.parent.glob("*/sites/web"))
    folder = beside[0] if beside else ROOT / "app" / "sample" / "web"
    async with served("bench.sites", str(folder)) as port:
        _extract_all(await _crawl_all(start_pages(folder), port, Spent()), Spent())
        spent = Spent()
        while spent.wall < SECONDS:
            documents = await _crawl_all(start_pages(folder), port, spent)
            _extract_all(documents, spent)
    _report(folder, spent)


async def _crawl_all(
    hosts: Sequence[str], port: int, spent: Spent
) -> list[tuple[str, tuple[Document, ...]]]:
    limits = Limits(spacing=0.0)
    room = asyncio.Semaphore(AT_ONCE)
    wall, cpu = time.perf_counter(), time.process_time()
    async with HttpFetcher(
        limits,
        SystemClock(),
        user_agent="Sluice/0 (+bench)",
        allowed=[f"127.0.0.1:{port}"],
        resolver=Loopback(),
    ) as fetcher:

        async def one(host: str) -> tuple[str, tuple[Document, ...]]:
            async with room:
                brought = await crawl_site(fetcher, f"http://{host}:{port}/", limits)
            return host, brought.documents

        found = await asyncio.gather(*map(one, hosts))
    spent.wall += time.perf_counter() - wall
    spent.crawl += time.process_time() - cpu
    spent.sites += sum(bool(documents) for _, documents in found)
    spent.pages += sum(len(documents) for _, documents in found)
    spent.bytes += sum(len(each.page.body) for _, documents in found for each in documents)
    return list(found)


def _extract_all(found: Sequence[tuple[str, tuple[Document, ...]]], spent: Spent) -> None:
    extractors: dict[str, Extractor] = registry.load_all("app.extractors", "EXTRACTOR")
    for name, extract in extractors.items():
        before = time.process_time()
        for host, documents in found:
            site = Site(registrable(host))
            spent.facts += sum(len(list(extract(document, site))) for document in documents)
        took = time.process_time() - before
        spent.extractors[name] = spent.extractors.get(name, 0.0) + took
        spent.wall += took


def _report(folder: Path, spent: Spent) -> None:
    pages = spent.pages
    extraction = sum(spent.extractors.values())
    print(
        f"\ncrawl: {spent.sites} sites, {pages} pages, {spent.bytes / pages / 1024:.0f} KiB each,"
    )
    print(f"{spent.facts} facts; {folder.parent.name}/{folder.name} on loopback, one core")
    whole = pages / (spent.crawl + extraction)
    print(f"  crawl and extraction  {whole:8.0f} pages a second   aim 17 or more")
    print(f"  crawl                 {pages / spent.crawl:8.0f}   {_ms(spent.crawl, pages)} a page")
    print(f"  extraction            {pages / extraction:8.0f}   {_ms(extraction, pages)}")
    for name, seconds in sorted(spent.extractors.items(), key=lambda each: -each[1]):
        print(f"    {name:20}{'':9} {_ms(seconds, pages)}")


def _ms(seconds: float, pages: int) -> str:
    return f"{seconds / pages * 1000:7.2f} ms"
