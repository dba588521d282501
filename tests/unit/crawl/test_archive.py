import asyncio
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.crawl.archive import ArchivingFetcher, _file_name, _free_name
from app.crawl.crawl import Crawl, crawl_site
from app.crawl.limits import Limits
from app.crawl.replay import ReplayFetcher
from app.crawl.sidecar import NAME
from app.crawl.urls import clean
from app.errors import BadResponse, Refused, RequestError, Unreachable
from app.records.page import Page
from tests.unit.crawl.support import AGENT, FakeClock, FolderlessFetcher

HOME = "https://www.firm.example/"
FRONT = "<a href=/team>Team</a><a href=/about/>About</a><a href=/private>x</a> home"


def replay(folder: Path) -> ReplayFetcher:
    return ReplayFetcher(folder, Limits(), FakeClock(), user_agent=AGENT)


async def outcome(fetcher: object, url: str) -> Page | tuple[str, str]:
    try:
        return await fetcher.fetch(url)  # type: ignore[attr-defined, no-any-return]
    except RequestError as error:
        return type(error).__name__, error.cause


SITE: dict[str, str | Exception] = {
    "https://firm.example/": FRONT,
    HOME: FRONT,
    f"{HOME}team": "<a href=/team/jane.html>Jane Roe</a>",
    f"{HOME}team/jane.html": "Jane",
    f"{HOME}team/jane": "Jane again",
    f"{HOME}about/": "about",
    f"{HOME}list?b=2&a=1": "list",
    f"{HOME}caf%C3%A9": "caf\u00e9",
    f"{HOME}robots.txt": "User-agent: *\nDisallow: /private",
    f"{HOME}private": Refused("robots", "not allowed"),
    f"{HOME}slow": Unreachable("timeout", "too slow", retry_after=9.0),
    f"{HOME}gone": BadResponse("gone", "answered 410"),
}


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


async def test_what_was_archived_is_replayed_the_same(tmp_path: Path) -> None:
    inner = FolderlessFetcher(SITE, final={"https://firm.example/": HOME})
    archive = ArchivingFetcher(inner, tmp_path)

    recorded = [await outcome(archive, url) for url in SITE]
    replayed = [await outcome(replay(tmp_path), url) for url in SITE]

    assert replayed == recorded


async def test_http_and_https_of_one_path_are_kept_apart(tmp_path: Path) -> None:
    plain, safe = "http://firm.example/", "https://firm.example/"
    inner = FolderlessFetcher({plain: "page", safe: Unreachable("tls", "no certificate")})
    archive = ArchivingFetcher(inner, tmp_path)

    recorded = [await outcome(archive, url) for url in (safe, plain)]

    assert [await outcome(replay(tmp_path), url) for url in (safe, plain)] == recorded


async def test_a_crawl_of_the_archive_is_the_same_crawl(tmp_path: Path) -> None:
    inner = FolderlessFetcher(SITE, final={"https://firm.example/": HOME})

    first = await crawl_site(ArchivingFetcher(inner, tmp_path), "firm.example", Limits())
    second = await crawl_site(replay(tmp_path), "firm.example", Limits())

    assert summary(second) == summary(first)
    assert len(first.pages) > 3


def summary(crawl: Crawl) -> object:
    return crawl.pages, crawl.visited, crawl.refused, crawl.cause, crawl.detail


async def test_the_layout_is_that_of_wget(tmp_path: Path) -> None:
    inner = FolderlessFetcher(SITE)

    for url in (HOME, f"{HOME}team", f"{HOME}team/jane.html", f"{HOME}about/", f"{HOME}robots.txt"):
        await ArchivingFetcher(inner, tmp_path).fetch(url)

    assert files_in(tmp_path) >= {
        "www.firm.example/index.html",
        "www.firm.example/team.html",
        "www.firm.example/team/jane.html",
        "www.firm.example/about/index.html",
        "www.firm.example/robots.txt",
    }


async def test_many_writers_lose_nothing(tmp_path: Path) -> None:
    pages: dict[str, str | Exception] = {f"{HOME}{number}": str(number) for number in range(40)}

    await asyncio.gather(
        *(ArchivingFetcher(FolderlessFetcher(pages), tmp_path).fetch(url) for url in pages)
    )

    notes = json.loads((tmp_path / "www.firm.example" / NAME).read_text())
    assert set(notes) == set(pages)
    assert len({note["file"] for note in notes.values()}) == 40


async def test_a_second_visit_replaces_the_first(tmp_path: Path) -> None:
    for text in ("first", "second"):
        await ArchivingFetcher(FolderlessFetcher({HOME: text}), tmp_path).fetch(HOME)

    assert (await replay(tmp_path).fetch(HOME)).body == b"second"


async def test_no_half_written_file_is_left(tmp_path: Path) -> None:
    await ArchivingFetcher(FolderlessFetcher(SITE), tmp_path).fetch(HOME)

    assert not [name for name in files_in(tmp_path) if "part" in name]


async def test_an_address_that_cannot_be_asked_for_is_not_recorded(tmp_path: Path) -> None:
    inner = FolderlessFetcher({"ftp://x": Refused("forbidden_scheme", "no")})

    with pytest.raises(Refused):
        await ArchivingFetcher(inner, tmp_path).fetch("ftp://x")

    assert files_in(tmp_path) == set()


URLS = st.text(alphabet="ab/.?%25ef&=~ \u00e9", max_size=40).map(
    lambda text: f"https://firm.example/{text}"
)


@given(URLS)
def test_every_file_name_stays_in_its_folder(url: str) -> None:
    name = _file_name(url)

    parts = name.split("/")
    assert name.isascii()
    assert all(part not in ("", ".", "..") and len(part) <= 255 for part in parts)


@given(st.lists(URLS, unique=True, max_size=12))
def test_no_two_addresses_share_a_file(urls: list[str]) -> None:
    entries: dict[str, object] = {}
    for url in urls:
        entries[url] = {"file": _free_name(url, entries)}

    names = [entry["file"] for entry in entries.values() if isinstance(entry, dict)]
    assert len({name.lower() for name in names}) == len(urls)


@settings(max_examples=30)
@given(st.lists(URLS, unique=True, max_size=6))
async def test_any_addresses_can_be_archived_and_replayed(urls: list[str]) -> None:
    addresses = [plain for url in urls if (plain := clean(url)) and "." not in plain[21:]]
    inner = FolderlessFetcher({url: f"body of {url}" for url in addresses})
    with tempfile.TemporaryDirectory() as name:
        archive = ArchivingFetcher(inner, Path(name))
        recorded = [await outcome(archive, url) for url in addresses]
        replayed = [await outcome(replay(Path(name)), url) for url in addresses]

    assert replayed == recorded
