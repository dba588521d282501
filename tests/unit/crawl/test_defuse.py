from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from app.crawl import defuse as module
from app.crawl.defuse import defuse


def nodes(html: str) -> int:
    root = LexborHTMLParser(html).root
    assert root is not None
    return sum(1 for _ in root.traverse(include_text=True))


def test_an_ordinary_page_is_left_alone() -> None:
    html = "<html><body>" + "<p><b>Jane</b> Roe</p>" * 8

    assert defuse(html) == html


def test_deep_nesting_is_cut() -> None:
    assert defuse("<div>" * 300_000).count("<") == module.MAX_TAGS - 1


def test_unclosed_formatting_does_not_multiply_the_tree() -> None:
    html = "".join(f"<p><font size={number}>x" for number in range(5_000))

    assert nodes(defuse(html)) < 20_000


def test_a_page_with_much_balanced_bold_text_keeps_its_words() -> None:
    html = "<p><b>Jane</b> <i>Roe</i></p>" * 2_000

    assert LexborHTMLParser(defuse(html)).text().count("Jane Roe") == 2_000


def test_a_tag_with_thousands_of_attributes_is_cut_off() -> None:
    html = "<p>before</p><a " + " ".join(f"x{number}='{number}'" for number in range(20_000)) + ">"

    assert defuse(html) == "<p>before</p>"


def test_a_long_attribute_value_is_no_crowd_of_attributes() -> None:
    html = f'<div data-state=\'{{"text": "{"word " * 5_000}"}}\'>after</div>'

    assert defuse(html) == html


def test_many_body_tags_become_one() -> None:
    html = "".join(f"<body x{number}=1>" for number in range(1_000))

    assert "<body" not in defuse(html)


def test_text_beyond_the_cap_is_cut() -> None:
    assert len(defuse("x" * (module.MAX_CHARS + 5))) == module.MAX_CHARS


@given(st.text(alphabet="<>/ab='\" \n!-", max_size=300))
def test_defusing_never_raises_and_never_grows(html: str) -> None:
    assert len(defuse(html)) <= len(html)
