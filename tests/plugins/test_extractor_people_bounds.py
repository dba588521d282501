"""Whatever a page holds, reading it ends soon, raises nothing, and invents nothing."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.extractors._people.outline import MAX_NODES, read_outline
from app.extractors._people.regions import element_regions
from app.extractors._people.sightings import MAX_SIGHTINGS, collect
from app.extractors.people import EXTRACTOR
from tests.plugins.pages import a_document, facts

TAGS = st.sampled_from(
    "div p h1 h3 span b a li ul td tr table dt dd dl section footer nav br img blockquote".split()
)
WORDS = st.sampled_from(
    [
        "Jane Doe", "Richard", "Roe", "Broker", "Our Team", "—", "“Good”", ", Austin TX", "CPM",
        "512-555-0101", "jane@maplegate.example", "is the owner of", "Testimonials", "by", "&", ":",
    ]
)  # fmt: skip


@st.composite
def pages(draw: st.DrawFn) -> str:
    """Markup with names, titles and addresses in any order and nesting, tags left open."""
    parts = []
    for _ in range(draw(st.integers(0, 40))):
        tag = draw(TAGS)
        opened = draw(
            st.sampled_from([f"<{tag}>", f"</{tag}>", f'<{tag} class="team name title">'])
        )
        parts.append(opened + draw(WORDS))
    return " ".join(parts)


@given(pages())
def test_what_is_found_stands_on_the_page(html: str) -> None:
    document = a_document(html)
    shown = " ".join(document.tree.body.text(separator=" ").split()) if document.tree.body else ""

    for fact in facts(EXTRACTOR, html, "/team"):
        assert fact.subject
        assert 0 < fact.confidence <= 1
        if fact.field == "full_name":
            assert all(word.casefold() in shown.casefold() for word in fact.value.split())


@given(st.text(max_size=400))
def test_any_text_is_read_without_an_error(text: str) -> None:
    facts(EXTRACTOR, f"<h3>{text}</h3><p>{text}</p>", "/team")


@given(st.binary(max_size=400))
def test_any_address_of_a_page_is_read_without_an_error(path: bytes) -> None:
    facts(EXTRACTOR, "<h1>Jane Doe</h1>", "/" + path.decode("latin-1"))


def test_nesting_costs_no_more_than_its_nodes() -> None:
    outline = read_outline(a_document("<div>" * 100_000 + "Jane Doe").tree)

    assert len(outline.elements) <= MAX_NODES
    assert [line.text for line in outline.lines] in ([], ["Jane Doe"])


def test_sightings_are_counted() -> None:
    outline = read_outline(a_document("<li>Jane Doe</li>" * 5_000).tree)

    assert len(collect(outline, element_regions(outline))) == MAX_SIGHTINGS


@pytest.mark.parametrize(
    "bait",
    [
        "<div>" * 100_000 + "Jane Doe",
        "<b>" * 30_000 + "Jane Doe",
        "<p>" + "Jane Doe " * 100_000,
        "<p>" + "Jane Doe is the owner of Acme, " * 30_000,
        "<p>" + "A" * 1_000_000,
        "<p>" + "Jane - " * 100_000,
        "<p>" + "5 5 5 - " * 100_000,
        "<p>" + "a@" * 200_000,
        "<p>" + "“" * 50_000 + "Jane Doe" + "”" * 50_000,
        "<li>Jane Doe</li>" * 10_000,
        "<a href='mailto:x@maplegate.example'>m</a>" * 10_000 + "<li>Jane Doe</li>" * 400,
        "<h3>Our Team</h3>" * 9_000,
        "".join(f"<div class='{'x-' * 60}{n}'>a</div>" for n in range(5_000)),
        "".join(f"<h3>Jane D{n % 7}oe</h3>" for n in range(5_000)),
    ],
)
def test_a_page_made_to_stall_is_done_in_bounded_time(bait: str) -> None:
    document = a_document(bait, "/team")
    assert document.tree is not None
    begin = time.process_time()

    facts(EXTRACTOR, bait, "/team")

    assert time.process_time() - begin < 5


def test_a_table_of_endless_cells_is_read_in_bounded_time() -> None:
    cell = "<td><b>Jane {0}son</b><br>Owner<br>Board member: 512-555-0142 | a@b</td><td>x</td>"
    rows = "".join(f"<tr>{cell.format('abcdefgh'[i % 8] * (i % 9 + 2))}</tr>" for i in range(5000))
    begun = time.perf_counter()
    facts(EXTRACTOR, f"<table>{rows}</table>", "/staff")
    assert time.perf_counter() - begun < 10
