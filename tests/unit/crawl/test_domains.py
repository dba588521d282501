import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crawl.domains import normalise, registrable, same_site


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("https://www.firm.co.uk/team", "firm.co.uk"),
        ("WWW.Firm.Example", "firm.example"),
        ("northside.vercel.app", "northside.vercel.app"),
        ("https://a.b.firm.example:8080/", "firm.example"),
        ("firm.example:8080", "firm.example"),
        ("firm.example.", "firm.example"),
        ("http://127.0.0.1:80/", "127.0.0.1"),
        ("http://[2001:db8::1]/", "2001:db8::1"),
        ("vercel.app", "vercel.app"),
        ("m\u00fcller.de", "xn--mller-kva.de"),
        ("", ""),
        ("http://[oops", ""),
    ],
)
def test_the_registered_domain_is_found(given_text: str, expected: str) -> None:
    assert registrable(given_text) == expected


def test_two_tenants_of_one_platform_are_two_sites() -> None:
    assert not same_site("https://one.vercel.app/", "https://two.vercel.app/")


def test_www_and_subdomains_are_one_site() -> None:
    assert same_site("https://www.firm.example/", "http://blog.firm.example/x")


def test_nothing_is_not_the_same_site_as_nothing() -> None:
    assert not same_site("", "")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("http://www.firm.example", "https://firm.example/"),
        ("https://firm.example/about/", "https://firm.example/about"),
        ("https://firm.example/about/index.html", "https://firm.example/about"),
        ("https://firm.example/Default.aspx", "https://firm.example/"),
        ("https://firm.example/x?b=2&a=1", "https://firm.example/x?a=1&b=2"),
        ("https://firm.example/x?utm_source=y&gclid=z", "https://firm.example/x"),
        ("https://firm.example/x;jsessionid=ABC", "https://firm.example/x"),
        ("https://firm.example/x?PHPSESSID=1", "https://firm.example/x"),
        ("https://firm.example/a%20b", "https://firm.example/a b"),
        ("https://firm.example//x", "https://firm.example/x"),
    ],
)
def test_addresses_of_one_page_have_one_key(left: str, right: str) -> None:
    assert normalise(left) == normalise(right)


def test_addresses_of_two_pages_have_two_keys() -> None:
    urls = ["https://firm.example/a", "https://firm.example/A", "https://firm.example/a?id=1"]

    assert len({normalise(url) for url in urls}) == 3


def test_what_is_no_address_has_no_key() -> None:
    assert normalise("mailto:a@firm.example") == ""


@given(st.text(max_size=60))
def test_normalising_never_raises_and_ignores_the_scheme(text: str) -> None:
    assert normalise(f"http://firm.example/{text}") == normalise(f"https://www.firm.example/{text}")
