from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crawl.answer import Answer, is_readable, page_of, retry_after_seconds
from app.errors import BadResponse, RequestError, Unreachable
from tests.unit.crawl.support import NOON

GOOD = Answer("https://firm.example/", 200, NOON, "text/html", "utf-8", b"<p>Jane</p>")


def test_a_good_answer_is_a_page() -> None:
    page = page_of(replace(GOOD, truncated=True))

    assert (page.url, page.body, page.charset) == (GOOD.url, GOOD.body, "utf-8")
    assert page.truncated


@pytest.mark.parametrize(
    ("status", "cause"),
    [(404, "not_found"), (410, "gone"), (403, "forbidden"), (401, "forbidden"), (418, "http_418")],
)
def test_a_client_error_is_final(status: int, cause: str) -> None:
    with pytest.raises(BadResponse) as caught:
        page_of(replace(GOOD, status=status))

    assert caught.value.cause == cause


@pytest.mark.parametrize(
    ("status", "cause"), [(500, "server_error"), (503, "server_error"), (429, "rate_limited")]
)
def test_a_server_error_is_temporary_and_keeps_the_wait_asked_for(status: int, cause: str) -> None:
    with pytest.raises(Unreachable) as caught:
        page_of(replace(GOOD, status=status, retry_after=7.0))

    assert (caught.value.cause, caught.value.retry_after) == (cause, 7.0)


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"body": b" \n"}, "empty"),
        ({"content_type": "image/png"}, "not_html"),
        ({"content_type": "application/pdf"}, "not_html"),
        ({"body": b"%PDF-1.7"}, "not_html"),
        ({"body": b"GIF89a\0\0"}, "not_html"),
        ({"body": b"\x1f\x8b\x08"}, "not_html"),
    ],
)
def test_what_is_no_page_is_refused(changes: dict[str, bytes | str], cause: str) -> None:
    with pytest.raises(BadResponse) as caught:
        page_of(replace(GOOD, **changes))  # type: ignore[arg-type]

    assert caught.value.cause == cause


@pytest.mark.parametrize(
    ("content_type", "url", "readable"),
    [
        ("", "/", True),
        ("text/html", "/", True),
        ("text/plain", "/", True),
        ("application/xhtml+xml", "/", True),
        ("application/rss+xml", "/", True),
        ("image/svg+xml", "/", False),
        ("text/css", "/", False),
        ("application/json", "/", False),
        ("application/gzip", "/sitemap.xml.gz", True),
        ("application/gzip", "/backup", False),
    ],
)
def test_types_that_pages_come_in_are_known(content_type: str, url: str, readable: bool) -> None:
    assert is_readable(content_type, f"https://firm.example{url}") is readable


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        (" 0 ", 0.0),
        ("99999999999999999999", 86_400.0),
        ("Sat, 31 Jan 2026 12:01:00 GMT", 60.0),
        ("Sat, 31 Jan 2026 11:00:00 GMT", 0.0),
        ("Fri, 31 Jan 2099 11:00:00 GMT", 86_400.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5e3", None),
        ("\u0665", None),
    ],
)
def test_retry_after_is_read_and_capped(header: str, seconds: float | None) -> None:
    assert retry_after_seconds(header, NOON) == seconds


@given(st.text(max_size=40))
def test_no_retry_after_makes_it_raise(header: str) -> None:
    seconds = retry_after_seconds(header, NOON)

    assert seconds is None or 0.0 <= seconds <= 86_400.0


@given(st.integers(100, 599), st.binary(max_size=20), st.text(max_size=20))
def test_every_answer_is_a_page_or_a_request_error(status: int, body: bytes, kind: str) -> None:
    with suppress(RequestError):
        page = page_of(replace(GOOD, status=status, body=body, content_type=kind))
        assert 200 <= page.status < 300
