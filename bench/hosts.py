"""What one bad site takes from the others: sites read in a second, alone and beside it."""

import asyncio
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path

from app.clock import SystemClock
from app.crawl.crawl import crawl_site
from app.crawl.fetch import HttpFetcher
from app.crawl.limits import Limits
from app.errors import HostBusy
from bench.server import Server
from tests.faults.site import Loopback, Web, a_web

AT_ONCE = 25
GOOD, BAD = 100, 200
LIMITS = Limits(spacing=0.0, visits=AT_ONCE // 12)
LABELS = iter(range(1_000_000))


async def hosts(_server: Server, rounds: int, *, profile: bool) -> None:
    """25 crawls at once; the good sites answer after 0.1 s, the bad one, with 200 companies on
    it that come first, hangs until its deadline."""
    del profile
    ratios = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            async with a_web(Path(folder)) as web:
                alone = await _rate(web, bad=0)
                ratios.append((await _rate(web, bad=BAD)) / alone)
    print(f"\nhosts: {GOOD} good sites beside one that hangs, {AT_ONCE} crawls at once")
    print(f"  rate that is left     {statistics.median(ratios):8.0%}   aim 90% or more")


async def _rate(web: Web, *, bad: int) -> float:
    """Good sites a second."""
    waiting: asyncio.Queue[str] = asyncio.Queue()
    for name in ["silent"] * bad + ["steady"] * GOOD:
        waiting.put_nowait(web.url(f"n{next(LABELS)}.{name}"))
    left, over = GOOD, asyncio.Event()

    async def slot(fetcher: HttpFetcher) -> None:
        nonlocal left
        while True:
            url = await waiting.get()
            read = partial(crawl_site, fetcher, url, LIMITS)
            try:
                await fetcher.visits.visit(_site(url), read)
            except HostBusy as busy:
                asyncio.get_running_loop().call_later(busy.seconds, waiting.put_nowait, url)
                continue
            left -= "steady" in url
            if left == 0:
                over.set()

    allowed = [f"127.0.0.1:{web.port}"]
    async with HttpFetcher(
        LIMITS, SystemClock(), user_agent="Sluice/0", allowed=allowed, resolver=Loopback()
    ) as fetcher:
        began = time.monotonic()
        slots = [asyncio.create_task(slot(fetcher)) for _ in range(AT_ONCE)]
        await over.wait()
        seconds = time.monotonic() - began
        for task in slots:
            task.cancel()
        await asyncio.gather(*slots, return_exceptions=True)
    return GOOD / seconds


def _site(url: str) -> str:
    """The good are sites of their own; the bad are hosts of one platform."""
    return url.replace(".steady.example", ".example")
