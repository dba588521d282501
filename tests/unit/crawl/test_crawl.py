import asyncio
from dataclasses import replace

import pytest
from aiohttp import web

from app.crawl.crawl import GUESSES, MAX_FAILURES, Crawl, crawl_site
from app.crawl.fetch import HttpFetcher
from app.crawl.limits import Limits
from app.errors import BadResponse, Refused, Unreachable
from app.records.page import Page
from tests.unit.crawl.support import (
    AGENT,
    QUICK,
    FakeClock,
    FixedResolver,
    FolderlessFetcher,
    Handler,
    local_site,
)

HOME = "https://firm.example/"
NO_SITEMAP = (f"{HOME}robots.txt", f"{HOME}sitemap.xml")


def site(**pages: str | Exception) -> FolderlessFetcher:
    """A site whose pages are named by their path; `home` is the home page."""
    return FolderlessFetcher(
        {HOME + path.replace("home", "").replace("__", "/"): body for path, body in pages.items()}
    )


async def crawl(fetcher: FolderlessFetcher, website: str = "firm.example", **limits: int) -> Crawl:
    return await crawl_site(fetcher, website, replace(Limits(), **limits))


def paths(done: Crawl) -> list[str]:
    return [page.url.removeprefix(HOME) for page in done.pages]


async def test_home_comes_first_and_then_the_best_pages() -> None:
    fetcher = site(
        home="<a href=/blog>b</a><a href=/contact>c</a><a href=/team>t</a>",
        team="<a href=/team/jane>Jane Roe</a>",
        team__jane="Jane",
        contact="call",
        blog="news",
    )

    done = await crawl(fetcher)

    assert paths(done) == ["", "team", "contact", "team/jane", "blog"]
    assert (done.error, done.cause, done.visited, done.refused) == (None, "", 5, ())


async def test_documents_and_pages_go_together() -> None:
    done = await crawl(site(home="<title>Home</title>", contact="x", team="y"))

    assert [document.page for document in done.documents] == list(done.pages)
    assert done.documents[0].title == "Home"


async def test_pages_and_depth_are_bounded() -> None:
    endless = {f"p{number}": f"<a href=/p{number + 1}>next</a>{number}" for number in range(99)}
    fetcher = site(home="<a href=/p0>start</a>", **endless)

    assert paths(await crawl(fetcher, depth=2)) == ["", "p0", "p1"]
    assert len((await crawl(fetcher, depth=99, pages=7)).pages) == 7


async def test_a_maze_of_missing_pages_is_bounded() -> None:
    fetcher = site(home="".join(f"<a href=/p{number}>x</a>" for number in range(500)))

    done = await crawl(fetcher, pages=5)

    assert (len(done.pages), done.visited) == (1, 10)


async def test_the_same_bytes_at_two_addresses_are_one_page() -> None:
    same = "<p>All the same"

    done = await crawl(site(home="<a href=/a>x</a><a href=/b>y</a>", a=same, b=same))

    assert paths(done) == ["", "a"]


async def test_a_redirect_to_a_page_that_was_read_is_no_new_page() -> None:
    fetcher = site(home="<a href=/about>x</a><a href=/old>y</a>", about="us", old="us, differently")
    fetcher.final[f"{HOME}old"] = f"{HOME}about"

    assert paths(await crawl(fetcher)) == ["", "about"]


async def test_a_redirect_off_the_site_is_refused() -> None:
    fetcher = site(home="<a href=/shop>x</a>", shop="buy")
    fetcher.final[f"{HOME}shop"] = "https://shop.example/"

    done = await crawl(fetcher)

    assert paths(done) == [""]
    assert (f"{HOME}shop", "other_site") in done.refused


async def test_a_home_page_that_moved_takes_the_crawl_along() -> None:
    fetcher = FolderlessFetcher(
        {HOME: "<a href='https://new.example/team'>x</a>", "https://new.example/team": "Jane"},
        final={HOME: "https://new.example/"},
    )

    assert [page.url for page in (await crawl(fetcher)).pages] == [
        "https://new.example/",
        "https://new.example/team",
    ]


async def test_pages_without_an_answer_are_named_and_left_out() -> None:
    fetcher = site(
        home="<a href=/team>t</a><a href=/private>p</a>",
        team=BadResponse("not_found", "404"),
        private=Refused("robots", "not allowed"),
    )

    done = await crawl(fetcher)

    assert paths(done) == [""]
    assert (f"{HOME}team", "not_found") in done.refused
    assert (f"{HOME}private", "robots") in done.refused
    assert done.error is None


async def test_a_site_that_stops_answering_is_left() -> None:
    broken = {f"p{number}": Unreachable("timeout", "too slow") for number in range(9)}
    fetcher = site(home="".join(f"<a href=/{name}>team</a>" for name in broken), **broken)

    done = await crawl(fetcher)

    assert (len(done.pages), done.cause) == (1, "timeout")
    assert len(done.refused) == MAX_FAILURES


@pytest.mark.parametrize(
    ("works", "tried"),
    [
        ("https://firm.example/", ["https://firm.example/"]),
        ("http://firm.example/", ["https://firm.example/", "http://firm.example/"]),
        (
            "https://www.firm.example/",
            ["https://firm.example/", "http://firm.example/", "https://www.firm.example/"],
        ),
    ],
)
async def test_other_addresses_of_home_are_tried_when_it_cannot_be_reached(
    works: str, tried: list[str]
) -> None:
    down: str | Exception = Unreachable("connection", "refused")
    pages: dict[str, str | Exception] = dict.fromkeys(tried, down) | {works: "home"}
    fetcher = FolderlessFetcher(pages)

    done = await crawl(fetcher, "firm.example")

    assert fetcher.asked[: len(tried)] == tried
    assert (done.pages[0].url, done.error) == (works, None)


async def test_the_first_failure_is_the_one_that_is_told() -> None:
    fetcher = FolderlessFetcher(
        {
            "https://firm.example/": Unreachable("tls", "no certificate"),
            "http://firm.example/": Unreachable("timeout", "too slow"),
            "https://www.firm.example/": Unreachable("no_such_host", "unknown"),
            "http://www.firm.example/": Unreachable("no_such_host", "unknown"),
        }
    )

    done = await crawl(fetcher)

    assert (done.pages, done.cause, done.detail) == ((), "tls", "no certificate")
    assert isinstance(done.error, Unreachable)


@pytest.mark.parametrize(
    "error", [Refused("robots", "not allowed"), BadResponse("forbidden", "403")]
)
async def test_a_final_answer_of_home_ends_the_crawl(error: Exception) -> None:
    fetcher = FolderlessFetcher({HOME: error})

    done = await crawl(fetcher)

    assert (done.pages, done.error, fetcher.asked) == ((), error, [HOME])


@pytest.mark.parametrize("website", ["", "mailto:a@b.example", "http://", "not a site"])
async def test_what_is_no_website_is_said(website: str) -> None:
    done = await crawl(FolderlessFetcher({}), website)

    assert (done.pages, done.cause) == ((), "bad_address")


async def test_a_deep_start_leads_to_the_home_page_too() -> None:
    fetcher = site(home="front", offices__austin="<p>Austin")

    done = await crawl(fetcher, f"{HOME}offices/austin")

    assert paths(done) == ["offices/austin", ""]


async def test_the_sitemap_is_asked_when_no_link_names_people() -> None:
    fetcher = site(home="<a href=/faq>x</a>", our_crew="Jane", faq="y", staff="Jane")
    fetcher.pages[f"{HOME}sitemap.xml"] = f"<urlset><loc>{HOME}staff</loc><loc>{HOME}zzz</loc>"

    done = await crawl(fetcher)

    assert paths(done) == ["", "staff", "faq"]


async def test_a_small_sitemap_is_read_whole_and_a_large_one_where_it_promises() -> None:
    large = [f"thing{n}" for n in range(60)]
    read = {}
    for size in (1, 60):
        fetcher = site(home="Home", zzz="Jane", **dict.fromkeys(large, "x"))
        listed = ["zzz", *large[: size - 1]]
        locations = "".join(f"<loc>{HOME}{name}</loc>" for name in listed)
        fetcher.pages[f"{HOME}sitemap.xml"] = f"<urlset>{locations}"
        read[size] = paths(await crawl(fetcher))

    assert "zzz" in read[1]
    assert read[60] == [""]


async def test_the_sitemap_is_left_alone_when_a_link_names_people() -> None:
    fetcher = site(home="<a href=/team>x</a><a href=/faq>x</a>", team="Jane", faq="y")

    await crawl(fetcher)

    assert not set(NO_SITEMAP) & set(fetcher.asked)


async def test_usual_names_are_tried_where_home_has_no_links() -> None:
    fetcher = site(home="<script src=app.js></script>", contact="call us", team="Jane")

    done = await crawl(fetcher)

    assert sorted(paths(done)) == ["", "contact", "team"]
    assert done.visited == 1 + len(GUESSES)


async def test_usual_names_are_tried_where_home_is_missing() -> None:
    fetcher = site(contact="<a href=/people>People</a>", people="Jane")

    done = await crawl(fetcher)

    assert paths(done) == ["contact", "people"]
    assert done.error is None


async def test_usual_names_are_not_tried_where_links_lead_on() -> None:
    fetcher = site(home="<a href=/a>x</a><a href=/b>y</a>", contact="call us")

    assert paths(await crawl(fetcher)) == [""]


async def test_a_site_without_any_page_says_why() -> None:
    done = await crawl(site())

    assert (done.pages, done.cause) == ((), "not_found")
    assert isinstance(done.error, BadResponse)


async def test_what_was_read_within_the_time_is_kept() -> None:
    class Slow(FolderlessFetcher):
        async def fetch(self, url: str) -> Page:
            if url != HOME:
                await asyncio.Event().wait()
            return await super().fetch(url)

    limits = replace(Limits(), site_seconds=0.2)

    done = await crawl_site(Slow({HOME: "<a href=/team>x</a>"}), "firm.example", limits)

    assert (paths(done), done.cause) == ([""], "timeout")


async def test_the_same_site_gives_the_same_pages_in_the_same_order() -> None:
    names = [f"page-{number % 7}-{number}" for number in range(60)]
    pages = {name: f"<a href=/{other}>x</a>{name}" for name, other in zip(names, names[::-1])}  # noqa: B905
    home = "".join(f"<a href=/{name}>{name}</a>" for name in names)

    first, second = [paths(await crawl(site(home=home, **pages))) for _ in range(2)]

    assert first == second


async def test_a_crawl_over_the_network_obeys_robots_and_finds_the_team() -> None:
    async def moved(request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "http://169.254.169.254/"})

    routes: dict[str, Handler | str | bytes] = {
        "/robots.txt": "User-agent: *\nDisallow: /private",
        "/": "<a href=/private>About</a><a href=/inside>Staff</a><a href=/team>Team</a>",
        "/team": "<h1>Jane Roe</h1>",
        "/private": "secret",
        "/inside": moved,
    }
    async with (
        local_site(routes) as server,
        HttpFetcher(
            QUICK,
            FakeClock(),
            user_agent=AGENT,
            allowed=[server.address],
            resolver=FixedResolver({"site.example": ["127.0.0.1"]}),
        ) as fetcher,
    ):
        done = await crawl_site(fetcher, server.url(), QUICK)

    assert [page.url for page in done.pages] == [server.url(), server.url("/team")]
    assert {cause for _, cause in done.refused} == {"robots", "private_address"}
    assert "/private" not in server.paths
