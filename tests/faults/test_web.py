"""A hostile web: each site is left within its bounds, with the right cause; the ledger tells."""

import asyncio
import resource
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.clock import SystemClock
from app.crawl.crawl import Crawl, crawl_site
from app.crawl.fetch import HttpFetcher
from app.crawl.limits import Limits
from app.errors import Unreachable
from tests.faults.site import Loopback, Web, a_web

LIMITS = Limits(
    spacing=0.0,
    connect_seconds=1.0,
    read_seconds=0.7,
    request_seconds=1.5,
    retry_wait=1.5,
    site_seconds=10.0,
)
KEPT, NOTHING = 2_000_000, 32_768
SPARE = 8_000_000
"""What the kernel takes for a connection that nobody reads any more, on loopback."""


@dataclass(frozen=True)
class Bound:
    """What a site may cost: cause of the failure ("" for none), whether later is worth a try,
    requests in all, bytes of one answer, seconds."""

    cause: str
    again: bool
    requests: int
    sent: int = NOTHING + SPARE
    seconds: float = 8.0


BOUNDS = {
    "ok": Bound("", again=False, requests=16),
    "busy": Bound("rate_limited", again=True, requests=4),
    "busy-date": Bound("rate_limited", again=True, requests=2),
    "busy-year": Bound("server_error", again=True, requests=2),
    "busy-garbage": Bound("rate_limited", again=True, requests=4),
    "broken": Bound("server_error", again=True, requests=4),
    "gone": Bound("gone", again=False, requests=16),
    "loop": Bound("redirect_loop", again=False, requests=4),
    "hops": Bound("too_many_redirects", again=False, requests=8),
    "silent": Bound("timeout", again=True, requests=4, seconds=12),
    "drip-head": Bound("timeout", again=True, requests=4, seconds=12),
    "drip-body": Bound("timeout", again=True, requests=4, seconds=12),
    "endless": Bound("", again=False, requests=16, sent=KEPT + SPARE),
    "bomb": Bound("", again=False, requests=16),
    "bomb-redirect": Bound("redirect_loop", again=False, requests=4),
    "bomb-error": Bound("not_found", again=False, requests=16),
    "charset": Bound("", again=False, requests=16),
    "picture": Bound("not_html", again=False, requests=2),
    "calendar": Bound("", again=False, requests=26),
    "sessions": Bound("", again=False, requests=26),
    "huge-header": Bound("bad_headers", again=False, requests=2),
    "split-location": Bound("bad_redirect", again=False, requests=2),
    "hang-up": Bound("disconnected", again=True, requests=16, seconds=12),
    "robots-broken": Bound("robots_unreachable", again=True, requests=4),
    "robots-endless": Bound("", again=False, requests=16, sent=KEPT + SPARE),
    "robots-bomb": Bound("", again=False, requests=16),
    "robots-forbid": Bound("robots", again=False, requests=1),
    "robots-loop": Bound("", again=False, requests=16),
}


@dataclass(frozen=True)
class Visit:
    """A crawl, how long it took, and what the site saw of it."""

    crawl: Crawl
    seconds: float
    asked: list[tuple[str, int]]


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Visit]:
    """All hostile sites, read at the same time."""
    return asyncio.run(_visit_all(tmp_path_factory.mktemp("web")))


async def _visit_all(folder: Path) -> dict[str, Visit]:
    async with a_web(folder) as web, a_fetcher(web) as fetcher:

        async def visit(name: str) -> tuple[Crawl, float]:
            began = time.monotonic()
            crawl = await crawl_site(fetcher, web.url(name), LIMITS)
            return crawl, time.monotonic() - began

        crawls = await asyncio.gather(*map(visit, BOUNDS))
        await web.close()
        asked = map(web.asked, BOUNDS)
    return {n: Visit(*c, a) for n, c, a in zip(BOUNDS, crawls, asked, strict=True)}


def a_fetcher(web: Web) -> HttpFetcher:
    """The real thing; the one address that it may fetch although it is private is named."""
    allowed = [f"127.0.0.1:{web.port}"]
    return HttpFetcher(
        LIMITS, SystemClock(), user_agent="Sluice/0.1", allowed=allowed, resolver=Loopback()
    )


@pytest.mark.parametrize("name", BOUNDS)
def test_a_hostile_site_is_left_within_its_bounds(visits: dict[str, Visit], name: str) -> None:
    bound, visit = BOUNDS[name], visits[name]

    assert visit.crawl.cause == bound.cause, visit.crawl.detail
    assert isinstance(visit.crawl.error, Unreachable) == bound.again
    assert len(visit.asked) <= bound.requests, visit.asked
    assert max(sent for _, sent in visit.asked) <= bound.sent
    assert visit.seconds <= bound.seconds


async def test_a_bomb_takes_no_more_memory_than_a_page(tmp_path: Path) -> None:
    async with a_web(tmp_path) as web, a_fetcher(web) as fetcher:
        await crawl_site(fetcher, web.url("ok"), LIMITS)
        memory = _peak_memory()
        for name in ("bomb", "bomb-redirect", "bomb-error", "robots-bomb"):
            await crawl_site(fetcher, web.url(name), LIMITS)

    assert _peak_memory() - memory <= 50_000_000


async def test_bad_hosts_leave_the_others_nine_tenths_of_their_rate(tmp_path: Path) -> None:
    async with a_web(tmp_path) as web, a_fetcher(web) as fetcher:
        alone = await _rate(web, fetcher, "a", bad=0)
        beside = await _rate(web, fetcher, "b", bad=10)

    assert beside >= 0.9 * alone


async def _rate(web: Web, fetcher: HttpFetcher, label: str, *, bad: int) -> float:
    """Good sites read per second, while so many bad ones are being read."""
    names = ["silent", "drip-head", "drip-body", "busy", "hang-up"]
    beside = [
        asyncio.create_task(
            crawl_site(fetcher, web.url(f"{label}{n}.{names[n % len(names)]}"), LIMITS)
        )
        for n in range(bad)
    ]
    await asyncio.sleep(0.1)
    began = time.monotonic()
    good = [crawl_site(fetcher, web.url(f"{label}{n}.steady"), LIMITS) for n in range(20)]
    crawls = await asyncio.gather(*good)
    rate = len(good) / (time.monotonic() - began)
    assert all(crawl.pages for crawl in crawls)
    for task in beside:
        task.cancel()
    await asyncio.gather(*beside, return_exceptions=True)
    return rate


def _peak_memory() -> int:
    """Bytes of memory that this process has ever used at once."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
