import json
import os
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.crawl.limits import Limits
from app.crawl.replay import ReplayFetcher
from app.crawl.sidecar import NAME
from app.errors import InputError, RequestError, Unreachable
from tests.unit.crawl.support import AGENT, NOON, FakeClock

HOME = "https://firm.example/"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    stored = tmp_path / "web"
    write(stored / "firm.example", {"index.html": "home"})
    return stored


def write(home: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def replay(folder: Path, limits: Limits | None = None) -> ReplayFetcher:
    return ReplayFetcher(folder, limits or Limits(), FakeClock(), user_agent=AGENT)


async def body(folder: Path, url: str) -> str:
    return (await replay(folder).fetch(url)).body.decode()


async def cause(folder: Path, url: str) -> str:
    with pytest.raises(RequestError) as caught:
        await replay(folder).fetch(url)
    return caught.value.cause


@pytest.mark.parametrize(
    ("file", "path"),
    [
        ("index.html", ""),
        ("team.html", "team.html"),
        ("team.html", "team"),
        ("team.html", "team/"),
        ("team", "team"),
        ("team/index.html", "team"),
        ("team/index.html", "team/"),
        ("team/jane roe.html", "team/jane%20roe"),
        ("caf\u00e9.html", "caf%C3%A9"),
        ("caf%C3%A9.html", "caf%C3%A9"),
        ("list.php?id=7", "list.php?id=7"),
        ("list.php?id=7.html", "list.php?id=7"),
        ("index.html?p=2", "?p=2"),
        ("list.html", "list?sort=up"),
        ("a?u=x%2Fy", "a?u=x/y"),
    ],
)
async def test_a_path_is_found_as_static_hosts_and_wget_store_it(
    folder: Path, file: str, path: str
) -> None:
    write(folder / "firm.example", {file: "found"})

    assert await body(folder, HOME + path) == "found"


async def test_the_file_itself_comes_before_the_other_names(folder: Path) -> None:
    write(folder / "firm.example", {"team": "file", "team.html": "page"})

    assert await body(folder, f"{HOME}team") == "file"


async def test_http_and_https_are_alike(folder: Path) -> None:
    assert await body(folder, "http://firm.example/") == "home"


async def test_www_falls_back_to_the_bare_host_and_back(folder: Path) -> None:
    write(folder / "www.other.example", {"index.html": "other"})

    assert await body(folder, "https://www.firm.example/") == "home"
    assert await body(folder, "https://other.example/") == "other"


async def test_an_unknown_host_does_not_exist(folder: Path) -> None:
    with pytest.raises(Unreachable) as caught:
        await replay(folder).fetch("https://nobody.example/")

    assert caught.value.cause == "no_such_host"


async def test_an_unknown_path_is_not_found(folder: Path) -> None:
    assert await cause(folder, f"{HOME}nothing") == "not_found"


async def test_robots_txt_is_obeyed(folder: Path) -> None:
    write(
        folder / "firm.example",
        {"robots.txt": "User-agent: *\nDisallow: /team", "team.html": "x", "about.html": "us"},
    )

    assert await cause(folder, f"{HOME}team") == "robots"
    assert await body(folder, f"{HOME}about") == "us"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.pdf", "not_html"), ("a.PNG", "not_html"), ("a.json", "not_html"), ("a.css", "not_html")],
)
async def test_files_that_are_no_pages_are_refused(folder: Path, name: str, expected: str) -> None:
    write(folder / "firm.example", {name: "x"})

    assert await cause(folder, HOME + name) == expected


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.html", "text/html"),
        ("jane.roe", "text/html"),
        ("s.xml", "application/xml"),
        ("a.txt", "text/plain"),
        ("x.php?a=b.pdf", "text/html"),
    ],
)
async def test_the_type_is_told_by_the_name(folder: Path, name: str, kind: str) -> None:
    write(folder / "firm.example", {name: "x"})

    assert (await replay(folder).fetch(HOME + name)).content_type == kind


async def test_statuses_and_redirects_come_from_the_sidecar(folder: Path) -> None:
    notes = {
        "/": {"status": 301, "location": "/new"},
        "/gone": {"status": 410},
        "/busy": {"status": 503},
    }
    write(folder / "firm.example", {NAME: json.dumps(notes), "new.html": "new", "gone.html": "x"})

    page = await replay(folder).fetch(HOME)

    assert (page.url, page.body) == (f"{HOME}new", b"new")
    assert await cause(folder, f"{HOME}gone") == "gone"
    assert await cause(folder, f"{HOME}busy") == "server_error"


async def test_a_recorded_error_is_met_again(folder: Path) -> None:
    note = {"/slow": {"error": "unreachable", "cause": "timeout", "message": "too slow"}}
    write(folder / "firm.example", {NAME: json.dumps(note)})

    assert await cause(folder, f"{HOME}slow") == "timeout"


async def test_a_meta_refresh_is_a_redirect(folder: Path) -> None:
    write(
        folder / "firm.example",
        {"index.html": "<meta http-equiv=refresh content='0; url=new.html'>", "new.html": "new"},
    )

    assert await body(folder, HOME) == "new"


async def test_the_moment_is_the_recorded_one_else_that_of_the_file(folder: Path) -> None:
    os.utime(folder / "firm.example" / "index.html", (NOON.timestamp(), NOON.timestamp()))
    assert (await replay(folder).fetch(HOME)).fetched_at == NOON

    write(folder / "firm.example", {NAME: '{"fetched_at": "2025-06-01T08:00:00+00:00"}'})
    moment = (await replay(folder).fetch(HOME)).fetched_at
    assert moment == datetime(2025, 6, 1, 8, tzinfo=UTC)


async def test_a_page_over_the_cap_is_cut_and_flagged(folder: Path) -> None:
    write(folder / "firm.example", {"long.html": "x" * 500})

    page = await replay(folder, Limits(page_bytes=100)).fetch(f"{HOME}long")

    assert (len(page.body), page.truncated) == (100, True)


async def test_a_sidecar_is_no_page(folder: Path) -> None:
    write(folder / "firm.example", {NAME: "{}"})

    assert await cause(folder, HOME + NAME) == "not_found"


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no folder"):
        replay(tmp_path / "missing")


async def test_a_damaged_sidecar_is_the_persons_to_mend(folder: Path) -> None:
    write(folder / "firm.example", {NAME: "{"})

    with pytest.raises(InputError, match="mend"):
        await replay(folder).fetch(HOME)


@pytest.mark.parametrize(
    "path",
    [
        "../secret.html",
        "..%2fsecret.html",
        "%2e%2e/secret.html",
        "%2e%2e%2fsecret",
        "a/..%5c..%5csecret.html",
        "..%5csecret.html",
        "%2fetc/passwd",
        "//etc/passwd",
        "etc%00.html",
        "firm.example/../../secret.html",
        "a" * 300,
        "%ff%fe",
        "linked.html",
        "linked-folder/secret.html",
    ],
)
async def test_no_path_leads_out_of_the_folder(folder: Path, tmp_path: Path, path: str) -> None:
    write(tmp_path, {"secret.html": "secret"})
    (folder / "firm.example" / "linked.html").symlink_to(tmp_path / "secret.html")
    (folder / "firm.example" / "linked-folder").symlink_to(tmp_path)

    assert await cause(folder, HOME + path) == "not_found"


@pytest.mark.parametrize("host", ["..", ".", "outside", "firm.example%2f..", "[::1]"])
async def test_no_host_leads_out_of_the_folder(folder: Path, tmp_path: Path, host: str) -> None:
    write(tmp_path, {"index.html": "secret"})
    (folder / "outside").symlink_to(tmp_path)

    assert await cause(folder, f"https://{host}/") in ("no_such_host", "forbidden_scheme")


async def test_what_is_no_plain_file_is_not_read(folder: Path) -> None:
    os.mkfifo(folder / "firm.example" / "pipe.html")

    assert await cause(folder, f"{HOME}pipe.html") == "not_found"


PARTS = st.sampled_from(
    ["..", ".", "%2e%2e", "%2f", "%5c", "%00", "/", "//", "a", "\\", "?", "%", ""]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(PARTS, st.text(max_size=6).map(quote)), max_size=8).map("".join))
async def test_no_address_reads_what_lies_outside(tmp_path: Path, path: str) -> None:
    folder = tmp_path / "web"
    write(folder / "firm.example", {"index.html": "inside"})
    write(tmp_path, {"secret": "secret", "secret.html": "secret", "index.html": "secret"})

    try:
        page = await replay(folder).fetch(f"https://firm.example/{path}")
    except RequestError:
        return

    assert page.body == b"inside"
