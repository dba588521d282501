from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crawl.urls import absolute, ascii_host, clean

BASE = "https://Firm.example/team/index.html"


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("jane.html", "https://firm.example/team/jane.html"),
        ("/about#top", "https://firm.example/about"),
        ("//Other.Example:443/x", "https://other.example/x"),
        ("?page=2", "https://firm.example/team/index.html?page=2"),
        (" \n/a\tb ", "https://firm.example/ab"),
        ("http://user:secret@firm.example/", "http://firm.example/"),
        ("/caf\u00e9 au lait", "https://firm.example/caf%C3%A9%20au%20lait"),
        ("https://m\u00fcller.example/", "https://xn--mller-kva.example/"),
    ],
)
def test_a_reference_is_resolved_to_a_plain_address(reference: str, expected: str) -> None:
    assert absolute(BASE, reference) == expected


@pytest.mark.parametrize(
    "reference",
    [
        "mailto:a@firm.example",
        "javascript:void(0)",
        "file:///etc/passwd",
        "ftp://firm.example/",
        "https://bad host/",
        "https://firm.example:99999/",
        "http://[::1",
        "https://firm..example/",
        "https://firm.example/" + "a" * 3_000,
    ],
)
def test_what_is_no_web_address_is_dropped(reference: str) -> None:
    assert absolute(BASE, reference) == ""


@given(st.text(max_size=80))
def test_cleaning_never_raises_and_is_settled_after_one_round(text: str) -> None:
    plain = absolute(BASE, text)

    assert clean(plain) == plain


@given(st.text(max_size=60))
def test_a_clean_address_is_ascii_and_carries_no_user_name(text: str) -> None:
    plain = clean(f"https://firm.example/{text}")

    assert plain.isascii()
    assert "@" not in urlsplit(plain).netloc
    assert not set(plain) & set("\r\n\t #")


@given(st.text(max_size=300))
def test_a_host_is_plain_ascii_or_nothing(host: str) -> None:
    plain = ascii_host(host)

    assert plain.isascii()
    assert not set(plain) & set("/@?#\\ ")
