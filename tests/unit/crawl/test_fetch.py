import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from aiohttp import web

from app.crawl.fetch import HttpFetcher
from app.crawl.limits import Limits
from app.errors import RequestError, Unreachable
from tests.unit.crawl.support import (
    AGENT,
    QUICK,
    FakeClock,
    FixedResolver,
    LocalSite,
    local_site,
    raw_server,
)


@asynccontextmanager
async def fetcher(
    *ports: int, limits: Limits = QUICK, clock: FakeClock | None = None
) -> AsyncIterator[HttpFetcher]:
    names = {"site.example": ["127.0.0.1"], "other.example": ["127.0.0.1"]}
    async with HttpFetcher(
        limits,
        clock or FakeClock(),
        user_agent=AGENT,
        allowed=[f"127.0.0.1:{port}" for port in ports],
        resolver=FixedResolver(names),
    ) as opened:
        yield opened


async def cause(site: LocalSite, path: str = "/", limits: Limits = QUICK) -> str:
    async with fetcher(site.port, limits=limits) as opened:
        with pytest.raises(RequestError) as caught:
            await opened.fetch(site.url(path))
    return caught.value.cause


async def test_a_page_is_fetched_after_its_robots_txt() -> None:
    async with local_site({"/team": "<p>Jane"}) as site, fetcher(site.port) as opened:
        page = await opened.fetch(site.url("/team"))

    assert (page.url, page.body, page.status) == (site.url("/team"), b"<p>Jane", 200)
    assert site.paths == ["/robots.txt", "/team"]


async def test_what_robots_txt_forbids_is_not_fetched() -> None:
    routes = {"/robots.txt": "User-agent: *\nDisallow: /team", "/team": "x"}

    async with local_site(routes) as site:
        assert await cause(site, "/team") == "robots"

    assert site.paths == ["/robots.txt"]


async def test_a_robots_txt_that_fails_stops_the_fetch() -> None:
    async def broken(request: web.Request) -> web.Response:
        return web.Response(status=503)

    async with local_site({"/robots.txt": broken, "/": "x"}) as site:
        assert await cause(site) == "robots_unreachable"

    assert set(site.paths) == {"/robots.txt"}


async def test_a_huge_robots_txt_is_read_up_to_the_cap() -> None:
    rules = "User-agent: *\nDisallow: /team\n" + "# filler\n" * 500_000

    async with local_site({"/robots.txt": rules, "/team": "x", "/": "home"}) as site:
        assert await cause(site, "/team") == "robots"


async def test_robots_txt_itself_is_fetched_once() -> None:
    routes = {"/robots.txt": "Sitemap: /s.xml", "/": "x"}

    async with local_site(routes) as site, fetcher(site.port) as opened:
        await opened.fetch(site.url())
        page = await opened.fetch(site.url("/robots.txt"))

    assert page.body == b"Sitemap: /s.xml"
    assert site.paths == ["/robots.txt", "/"]


async def test_redirects_are_followed_and_each_host_is_asked_for_its_rules() -> None:
    async with local_site({"/": "home"}) as target:

        async def moved(request: web.Request) -> web.Response:
            return web.Response(status=301, headers={"Location": target.url("/", "other.example")})

        async with (
            local_site({"/": moved}) as site,
            fetcher(site.port, target.port) as opened,
        ):
            page = await opened.fetch(site.url())

    assert page.url == target.url("/", "other.example")
    assert target.paths == ["/robots.txt", "/"]


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/",
        "http://169.254.169.254/",
        "http://0x7f000001/",
        "http://[::1]/",
        "//127.1/",
    ],
)
@pytest.mark.parametrize("way", ["redirect", "meta", "robots"])
async def test_no_hop_reaches_a_private_address(target: str, way: str) -> None:
    async def moved(request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": target})

    meta = f"<meta http-equiv=refresh content='0; url={target}'>"
    routes = {
        "redirect": {"/": moved},
        "meta": {"/": meta},
        "robots": {"/robots.txt": moved, "/": "x"},
    }[way]

    async with local_site(routes) as site:  # type: ignore[arg-type]
        assert await cause(site) == "private_address"


async def test_a_server_error_is_tried_again_after_a_moment() -> None:
    answers = iter([503, 500, 200])

    async def home(request: web.Request) -> web.Response:
        return web.Response(status=next(answers), text="home")

    clock = FakeClock()
    async with local_site({"/": home}) as site, fetcher(site.port, clock=clock) as opened:
        page = await opened.fetch(site.url())

    assert page.body == b"home"
    assert 0 < sum(clock.slept) < 20


async def test_tries_end_with_the_wait_that_was_asked_for() -> None:
    async def home(request: web.Request) -> web.Response:
        return web.Response(status=429, headers={"Retry-After": "3"})

    clock = FakeClock()
    async with local_site({"/": home}) as site, fetcher(site.port, clock=clock) as opened:
        with pytest.raises(Unreachable) as caught:
            await opened.fetch(site.url())

    assert (caught.value.cause, caught.value.retry_after) == ("rate_limited", 3.0)
    assert clock.slept == [3.0, 3.0]
    assert Counter(site.paths)["/"] == QUICK.tries


async def test_a_long_wait_is_left_to_the_caller() -> None:
    async def home(request: web.Request) -> web.Response:
        return web.Response(status=503, headers={"Retry-After": "3600"})

    clock = FakeClock()
    async with local_site({"/": home}) as site, fetcher(site.port, clock=clock) as opened:
        with pytest.raises(Unreachable) as caught:
            await opened.fetch(site.url())

    assert caught.value.retry_after == 3600.0
    assert clock.slept == []


async def test_a_final_answer_is_not_tried_again() -> None:
    async with local_site({}) as site:
        assert await cause(site, "/gone") == "not_found"

    assert Counter(site.paths)["/gone"] == 1


async def test_a_hang_up_is_tried_again() -> None:
    calls: list[int] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.append(1)

    async with raw_server(talk) as port, fetcher(port) as opened:
        with pytest.raises(Unreachable):
            await opened.fetch(f"http://site.example:{port}/")

    assert len(calls) >= QUICK.tries


async def test_requests_to_one_host_are_spaced() -> None:
    clock = FakeClock()
    limits = replace(QUICK, spacing=2.0)

    async with (
        local_site({"/": "x", "/a": "y"}) as site,
        fetcher(site.port, limits=limits, clock=clock) as opened,
    ):
        await opened.fetch(site.url())
        await opened.fetch(site.url("/a"))

    assert clock.slept == [2.0, 2.0]


@pytest.mark.parametrize(("asked", "spacing"), [("5", 5.0), ("0.1", 1.0), ("9999", 10.0)])
async def test_a_crawl_delay_counts_when_it_is_longer_up_to_the_cap(
    asked: str, spacing: float
) -> None:
    clock = FakeClock()
    routes = {"/robots.txt": f"User-agent: *\nCrawl-delay: {asked}", "/": "x"}

    async with local_site(routes) as site:
        limits = replace(QUICK, spacing=1.0)
        async with fetcher(site.port, limits=limits, clock=clock) as opened:
            await opened.fetch(site.url())

    assert clock.slept == [spacing]


async def test_one_request_at_a_time_reaches_a_host() -> None:
    now: list[int] = []
    most: list[int] = []

    async def slow(request: web.Request) -> web.Response:
        now.append(1)
        most.append(len(now))
        await asyncio.sleep(0.01)
        now.pop()
        return web.Response(text="x", content_type="text/html")

    routes = {f"/{number}": slow for number in range(6)}
    async with local_site(routes) as site, fetcher(site.port) as opened:
        await asyncio.gather(*(opened.fetch(site.url(f"/{number}")) for number in range(6)))

    assert max(most) == 1


async def test_a_slow_host_holds_up_no_other() -> None:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async with (
        raw_server(hang) as slow,
        local_site({"/": "x"}) as site,
        fetcher(slow, site.port) as opened,
        asyncio.timeout(30),
    ):
        stuck = asyncio.create_task(opened.fetch(f"http://other.example:{slow}/"))
        for _ in range(20):
            await opened.fetch(site.url())
        assert not stuck.done()
        stuck.cancel()
        await asyncio.gather(stuck, return_exceptions=True)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://site.example/", "", "mailto:a@b.example"]
)
async def test_other_schemes_are_refused(url: str) -> None:
    async with fetcher() as opened:
        with pytest.raises(RequestError) as caught:
            await opened.fetch(url)

    assert caught.value.cause == "forbidden_scheme"


async def test_credentials_in_an_address_are_not_sent() -> None:
    async with local_site({"/": "x"}) as site, fetcher(site.port) as opened:
        await opened.fetch(f"http://me:secret@site.example:{site.port}/")

    assert "Authorization" not in site.ledger[-1].headers
