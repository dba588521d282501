import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crawl.traps import is_trap

SITE = "https://firm.example"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/team",
        "/our-team/jane-roe.html",
        "/index.php?page_id=7",
        "/tenant-login",
        "/en/about-us/",
        "/a.khan.html",
        "/services/2024-in-review",
        "/properties?id=12",
    ],
)
def test_an_ordinary_page_is_no_trap(path: str) -> None:
    assert not is_trap(SITE + path)


@pytest.mark.parametrize(
    "path",
    [
        "/brochure.pdf",
        "/photo.JPG",
        "/feed",
        "/wp-json/wp/v2/pages",
        "/wp-login.php",
        "/cart",
        "/my-account/",
        "/login",
        "/cdn-cgi/l/email-protection",
        "/calendar/2031/05",
        "/2024/05/17/a-post",
        "/events/2031-05",
        "/events?month=7",
        "/blog/page/7",
        "/tag/roofs/",
        "/list?sort=up",
        "/list?a=1&b=2&c=3",
        "/shop?add-to-cart=7",
        "/?replytocom=9",
        "/a/b/a/b/a/b",
        "/x/x/x",
        "/" + "/".join("abcdefghij"),
        "/" + "y" * 500,
    ],
)
def test_a_trap_is_seen(path: str) -> None:
    assert is_trap(SITE + path)


@given(st.text(max_size=60))
def test_any_path_is_judged(path: str) -> None:
    assert is_trap(f"{SITE}/{path}") in (True, False)
