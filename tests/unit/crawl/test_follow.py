from collections.abc import Awaitable, Callable

import pytest

from app.crawl.answer import Answer
from app.crawl.follow import fetchable, follow
from app.errors import BadResponse, Refused, RequestError
from tests.unit.crawl.support import NOON

HOME = "https://firm.example/"


def web(
    hops: dict[str, str], pages: dict[str, str] | None = None
) -> Callable[[str], Awaitable[Answer]]:
    """Redirects and pages by address; every other address is an empty page."""

    async def get(url: str) -> Answer:
        if url in hops:
            return Answer(url, 302, NOON, location=hops[url])
        return Answer(url, 200, NOON, "text/html", body=(pages or {}).get(url, "").encode())

    return get


async def cause(start: str, get: Callable[[str], Awaitable[Answer]], limit: int = 5) -> str:
    with pytest.raises(RequestError) as caught:
        await follow(start, get, limit)
    return caught.value.cause


async def test_redirects_are_followed_to_the_end() -> None:
    get = web({HOME: "/a", f"{HOME}a": "//www.firm.example/b#x"})

    assert (await follow(HOME, get, 5)).url == "https://www.firm.example/b"


async def test_a_loop_is_found() -> None:
    assert await cause(HOME, web({HOME: "/a", f"{HOME}a": "/"})) == "redirect_loop"


async def test_a_long_chain_is_cut() -> None:
    hops = {f"{HOME}{number}": f"/{number + 1}" for number in range(100)}

    assert await cause(f"{HOME}0", web(hops)) == "too_many_redirects"


async def test_a_chain_of_just_the_limit_is_followed() -> None:
    hops = {f"{HOME}{number}": f"/{number + 1}" for number in range(5)}

    assert (await follow(f"{HOME}0", web(hops), 5)).url == f"{HOME}5"


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("", "bad_redirect"),
        ("/x\r\nSet-Cookie: a=b", "bad_redirect"),
        ("file:///etc/passwd", "forbidden_scheme"),
        ("javascript:alert(1)", "forbidden_scheme"),
        ("gopher://firm.example/", "forbidden_scheme"),
        ("https://www.linkedin.com/in/x", "never_fetched"),
    ],
)
async def test_a_target_that_may_not_be_fetched_is_refused(location: str, expected: str) -> None:
    assert await cause(HOME, web({HOME: location})) == expected


async def test_a_quick_meta_refresh_is_a_redirect() -> None:
    pages = {HOME: "<meta http-equiv='Refresh' content='0; URL=\"/new\"'>"}

    assert (await follow(HOME, web({}, pages), 5)).url == f"{HOME}new"


@pytest.mark.parametrize(
    "markup",
    [
        "<meta http-equiv=refresh content='60; url=/new'>",
        "<meta http-equiv=refresh content='0'>",
        "<meta http-equiv=refresh content='0; url=/'>",
        "<noscript><meta http-equiv=refresh content='0; url=/new'></noscript>",
        "<!-- <meta http-equiv=refresh content='0; url=/new'> -->",
        "<meta http-equiv=refresh content='0; url=mailto:a@firm.example'>",
    ],
)
async def test_a_refresh_that_goes_nowhere_new_leaves_the_page_as_it_is(markup: str) -> None:
    assert (await follow(HOME, web({}, {HOME: markup}), 5)).url == HOME


async def test_a_meta_refresh_counts_as_a_hop() -> None:
    pages = {
        f"{HOME}{number}": f"<meta http-equiv=refresh content='0;url=/{number + 1}'>"
        for number in range(20)
    }

    assert await cause(f"{HOME}0", web({}, pages)) == "too_many_redirects"


async def test_a_meta_refresh_to_a_forbidden_host_is_refused() -> None:
    pages = {HOME: "<meta http-equiv=refresh content='0; url=https://linkedin.com/'>"}

    assert await cause(HOME, web({}, pages)) == "never_fetched"


async def test_a_refusal_on_the_way_ends_the_chain() -> None:
    async def get(url: str) -> Answer:
        if url == HOME:
            return Answer(url, 301, NOON, location="http://10.0.0.1/")
        raise Refused("private_address", url)

    assert await cause(HOME, get) == "private_address"


@pytest.mark.parametrize("url", ["ftp://firm.example/", "", "firm.example", "https://"])
def test_only_web_addresses_are_fetchable(url: str) -> None:
    with pytest.raises(Refused) as caught:
        fetchable(url)

    assert caught.value.cause == "forbidden_scheme"


@pytest.mark.parametrize("host", ["linkedin.com", "www.linkedin.com", "de.LinkedIn.com", "lnkd.in"])
def test_linkedin_is_never_fetched(host: str) -> None:
    with pytest.raises(Refused) as caught:
        fetchable(f"https://{host}/company/x")

    assert caught.value.cause == "never_fetched"


def test_a_name_that_only_ends_alike_is_fetched() -> None:
    assert fetchable("https://notlinkedin.com") == "https://notlinkedin.com/"


def test_user_names_are_not_carried_along() -> None:
    assert fetchable("https://me:secret@firm.example/x") == "https://firm.example/x"


async def test_a_redirect_without_an_address_names_the_page() -> None:
    with pytest.raises(BadResponse, match=r"firm\.example"):
        await follow(HOME, web({HOME: ""}), 5)
