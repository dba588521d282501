"""A hostile web: each site is left within its bounds, with the right cause; the ledger tells."""

import asyncio
import resource
import time
from dataclasses import dataclass, replace
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
    connect_seconds=3.0,
    read_seconds=1.5,
    request_seconds=3.0,
    retry_wait=1.5,
    site_seconds=40.0,
)
KEPT, NOTHING = 2_000_000, 32_768
SPARE = 8_000_000
"""What the kernel takes for a connection that nobody reads any more, on loopback."""


@dataclass(frozen=True)
class Bound:
    """What a site may cost: cause of the failure ("" for none), whether later is worth a try,
    requests in all, bytes of one answer."""

    cause: str
    again: bool
    requests: int
    sent: int = NOTHING + SPARE


BOUNDS = {
    "ok": Bound("", again=False, requests=16),
    "busy": Bound("rate_limited", again=True, requests=4),
    "busy-date": Bound("rate_limited", again=True, requests=2),
    "busy-year": Bound("server_error", again=True, requests=2),
    "busy-garbage": Bound("rate_limited", again=True, requests=4),
    "busy-century": Bound("rate_limited", again=True, requests=2),
    "busy-past": Bound("server_error", again=True, requests=4),
    "busy-negative": Bound("server_error", again=True, requests=4),
    "busy-number": Bound("rate_limited", again=True, requests=2),
    "broken": Bound("server_error", again=True, requests=4),
    "gone": Bound("gone", again=False, requests=16),
    "loop": Bound("redirect_loop", again=False, requests=4),
    "hops": Bound("too_many_redirects", again=False, requests=8),
    "silent": Bound("timeout", again=True, requests=4),
    "drip-head": Bound("timeout", again=True, requests=4),
    "drip-body": Bound("timeout", again=True, requests=4),
    "endless": Bound("", again=False, requests=16, sent=KEPT + SPARE),
    "bomb": Bound("", again=False, requests=16),
    "bomb-redirect": Bound("redirect_loop", again=False, requests=4),
    "bomb-error": Bound("not_found", again=False, requests=16),
    "bomb-brotli": Bound("bad_encoding", again=False, requests=2),
    "bomb-zstd": Bound("bad_encoding", again=False, requests=2),
    "bomb-stacked": Bound("bad_encoding", again=False, requests=2),
    "robots-bomb-map": Bound("", again=False, requests=26),
    "robots-endless-map": Bound("", again=False, requests=26, sent=KEPT + SPARE),
    "too-short": Bound("", again=False, requests=16),
    "too-long": Bound("bad_headers", again=False, requests=2),
    "charset": Bound("", again=False, requests=16),
    "picture": Bound("not_html", again=False, requests=2),
    "calendar": Bound("", again=False, requests=26),
    "sessions": Bound("", again=False, requests=26),
    "session-ids": Bound("", again=False, requests=14),
    "deeper": Bound("", again=False, requests=26),
    "huge-header": Bound("bad_headers", again=False, requests=2),
    "split-location": Bound("bad_redirect", again=False, requests=2),
    "hang-up": Bound("disconnected", again=True, requests=16),
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


def a_fetcher(web: Web, limits: Limits = LIMITS) -> HttpFetcher:
    """The real thing; the one address that it may fetch although it is private is named."""
    allowed = [f"127.0.0.1:{web.port}"]
    return HttpFetcher(
        limits, SystemClock(), user_agent="Sluice/0.1", allowed=allowed, resolver=Loopback()
    )


@pytest.mark.parametrize("name", BOUNDS)
def test_a_hostile_site_is_left_within_its_bounds(visits: dict[str, Visit], name: str) -> None:
    bound, visit = BOUNDS[name], visits[name]

    assert visit.crawl.cause == bound.cause, visit.crawl.detail
    assert visit.crawl.detail.isprintable()
    assert len(visit.crawl.detail) < 400
    assert isinstance(visit.crawl.error, Unreachable) == bound.again
    assert len(visit.asked) <= bound.requests, visit.asked
    assert max(sent for _, sent in visit.asked) <= bound.sent
    assert visit.seconds <= LIMITS.site_seconds + 10


async def test_a_bomb_takes_no_more_memory_than_a_page(tmp_path: Path) -> None:
    async with a_web(tmp_path) as web, a_fetcher(web) as fetcher:
        await crawl_site(fetcher, web.url("ok"), LIMITS)
        memory = _peak_memory()
        for name in ("bomb", "bomb-redirect", "bomb-error", "robots-bomb", "robots-bomb-map"):
            await crawl_site(fetcher, web.url(name), LIMITS)

    assert _peak_memory() - memory <= 50_000_000


async def test_neither_cookies_nor_passwords_go_to_another_host(tmp_path: Path) -> None:
    async with a_web(tmp_path) as web, a_fetcher(web) as fetcher:
        page = await fetcher.fetch(web.url("cookie"))

    said = page.body.decode().lower()
    assert page.url == f"http://other.echo.example:{web.port}/"
    assert "host: other.echo.example" in said
    assert not [word for word in ("cookie", "authorization", "referer", "secret") if word in said]


async def test_sites_that_hang_hold_up_no_other(tmp_path: Path) -> None:
    patient = replace(LIMITS, read_seconds=300.0, request_seconds=300.0, site_seconds=300.0)
    async with a_web(tmp_path) as web, a_fetcher(web, patient) as fetcher:
        names = ("silent", "drip-head", "drip-body")
        bad = [
            asyncio.create_task(crawl_site(fetcher, web.url(f"n{n}.{names[n % 3]}"), patient))
            for n in range(12)
        ]
        good = [crawl_site(fetcher, web.url(f"n{n}.ok"), patient) for n in range(20)]
        crawls = await asyncio.gather(*good)
        ended = [task for task in bad if task.done()]
        for task in bad:
            task.cancel()
        await asyncio.gather(*bad, return_exceptions=True)

    assert all(crawl.pages and not crawl.error for crawl in crawls)
    assert ended == []


def _peak_memory() -> int:
    """Bytes of memory that this process has ever used at once."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
