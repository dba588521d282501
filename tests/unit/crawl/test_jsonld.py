import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crawl import jsonld
from app.crawl.jsonld import read_blocks


def test_lists_and_graphs_are_opened() -> None:
    block = '[{"@type": "A"}, {"@context": "x", "@graph": [{"@type": "B"}, {"@type": "C"}]}]'

    assert [item["@type"] for item in read_blocks([block])] == ["A", "B", "C"]


def test_an_object_with_a_graph_keeps_what_else_it_says() -> None:
    items = list(read_blocks(['{"@type": "A", "name": "n", "@graph": [{"@type": "B"}]}']))

    assert items == [{"@type": "A", "name": "n"}, {"@type": "B"}]


@pytest.mark.parametrize(
    "block",
    [
        '{"name": "Roe",}',
        '{"name": "Roe", "tags": ["a", ], }',
        '<!-- {"name": "Roe"} -->',
        '//<![CDATA[\n{"name": "Roe"}\n//]]>',
        '{"name": "Roe"};',
        "{&quot;name&quot;: &quot;Roe&quot;}",
        '{"name": "Roe"} {"name": "Other"}',
    ],
)
def test_common_mistakes_are_forgiven(block: str) -> None:
    assert next(iter(read_blocks([block])))["name"] == "Roe"


def test_a_newline_inside_a_string_is_kept() -> None:
    assert next(iter(read_blocks(['{"name": "Jane\nRoe"}'])))["name"] == "Jane\nRoe"


def test_a_comma_inside_a_string_is_kept() -> None:
    assert next(iter(read_blocks(['{"name": "Roe,}"}'])))["name"] == "Roe,}"


def test_a_broken_block_does_not_hide_the_next() -> None:
    assert list(read_blocks(["{oops", '{"a": 1}'])) == [{"a": 1}]


def test_what_a_database_refuses_is_taken_out() -> None:
    assert list(read_blocks(['{"a": "x\\u0000\\ud800y"}'])) == [{"a": "xy"}]


def test_bombs_are_bounded() -> None:
    deep = '{"a":' * 100_000
    wide = "[" + ",".join(["{}"] * 5_000) + "]"
    quotes = '{"a":"' + '\\"' * 200_000

    items = list(read_blocks([deep, "[" * 100_000, quotes, wide]))

    assert len(items) == jsonld.MAX_ITEMS


@given(st.lists(st.text(alphabet='{}[]",:\\ \n@graph1ntue;&', max_size=80), max_size=4))
def test_reading_never_raises(blocks: list[str]) -> None:
    assert all(isinstance(item, dict) for item in read_blocks(blocks))
