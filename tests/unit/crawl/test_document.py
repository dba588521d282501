import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crawl import document as module
from app.crawl.document import Document, Link
from tests.unit.crawl.support import page


def read(html: str | bytes, url: str = "https://firm.example/team/", charset: str = "") -> Document:
    return Document(page(html, url, charset))


def test_title_description_and_language_are_read() -> None:
    document = read(
        "<html lang='EN-us'><head><title> Our\n team </title>"
        "<meta property='og:description' content='second'>"
        "<meta name='Description' content=' We  manage. '></head>"
    )

    assert (document.title, document.description, document.lang) == ("Our team", "We manage.", "en")


def test_a_page_that_says_nothing_has_empty_fields() -> None:
    document = read("")

    assert (document.title, document.description, document.lang, document.text) == ("", "", "", "")
    assert (document.links, document.raw_links, document.json_ld) == ((), (), ())


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ("<a href=/x>t</a>", "a"),
        ("<map><area href=/x alt=t></map>", "area"),
        ("<form action=/x aria-label=t></form>", "form"),
        ("<script src=/x title=t></script>", "script"),
        ("<iframe src=/x title=t></iframe>", "iframe"),
        ("<iframe data-src=/x title=t></iframe>", "iframe"),
        ("<img src=/x alt=t>", "img"),
        ("<link href=/x title=t>", "link"),
    ],
)
def test_links_of_every_kind_are_found(html: str, kind: str) -> None:
    assert read(html).links == (Link("https://firm.example/x", "t", "", kind),)


def test_frames_of_a_frameset_are_links() -> None:
    assert read("<frameset><frame src=menu.html></frameset>").links == (
        Link("https://firm.example/team/menu.html", "", "", "iframe"),
    )


def test_links_are_absolute_without_fragment_and_in_document_order() -> None:
    document = read("<a href='b#c'>B</a><a href='HTTPS://Other.Example/'>O</a><a href='#x'>x</a>")

    assert [link.url for link in document.links] == [
        "https://firm.example/team/b",
        "https://other.example/",
        "https://firm.example/team/",
    ]


def test_the_base_element_is_honoured() -> None:
    document = read("<base href='/about/'><a href=jane>Jane</a>")

    assert document.links[0].url == "https://firm.example/about/jane"


def test_a_base_that_is_no_web_address_is_ignored() -> None:
    document = read("<base href='file:///etc/'><a href=jane>Jane</a>")

    assert document.links[0].url == "https://firm.example/team/jane"


@pytest.mark.parametrize(
    "inside",
    ["<span>Our</span>\n <b>team</b>", "<img alt='Our team'>", "", "<img alt=''>"],
)
def test_a_link_has_the_text_that_a_reader_sees(inside: str) -> None:
    assert read(f"<a href=/x aria-label='Our team'>{inside}</a>").links[0].text == "Our team"


def test_links_that_are_no_pages_are_kept_raw() -> None:
    document = read(
        "<p><a href=' MAILTO:a@firm.example?subject=x'>Write</a><a href='tel:+15550100'>Call</a>"
        "<a href='sms:5550101'></a><a href='/x'>x</a><a href='javascript:y()'>y</a></p>"
    )

    assert [(raw.href, raw.text) for raw in document.raw_links] == [
        ("MAILTO:a@firm.example?subject=x", "Write"),
        ("tel:+15550100", "Call"),
        ("sms:5550101", ""),
    ]
    parent = document.raw_links[0].node.parent
    assert parent is not None
    assert parent.tag == "p"


def test_json_ld_is_read_whatever_the_type_looks_like() -> None:
    document = read('<script type="Application/LD+JSON; charset=utf-8">{"name": "Roe",}</script>')

    assert document.json_ld == ({"name": "Roe"},)


def test_a_false_charset_does_no_harm() -> None:
    assert read("<title>Café</title>".encode("cp1252"), charset="no-such-set").title == "Café"


def test_views_are_computed_once() -> None:
    document = read("<a href=/x>x</a>")

    assert document.tree is document.tree
    assert document.links is document.links


def test_links_are_bounded() -> None:
    assert len(read("<a href=/x>y</a>" * 9_000).links) == module.MAX_LINKS


def test_link_text_is_bounded() -> None:
    assert len(read(f"<a href=/x>{'word ' * 500}</a>").links[0].text) <= module.MAX_LINK_TEXT


@given(st.one_of(st.binary(max_size=300), st.text(alphabet="<>/=\"' abhref!-&#;", max_size=300)))
def test_no_bytes_make_a_document_raise(body: bytes | str) -> None:
    document = read(body)

    assert isinstance(document.title + document.description + document.lang + document.text, str)
    assert all(link.url.startswith("http") for link in document.links)
    assert all(isinstance(item, dict) for item in document.json_ld)
    assert all(raw.href for raw in document.raw_links)
