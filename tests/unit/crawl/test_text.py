import pytest
from selectolax.lexbor import LexborHTMLParser

from app.crawl.text import line, visible_text


def text_of(html: str) -> str:
    body = LexborHTMLParser(html).body
    assert body is not None
    return visible_text(body)


def test_blocks_stand_on_lines_of_their_own() -> None:
    html = "<h1>Team</h1><div>Jane <b>Roe</b><br>Owner</div><ul><li>a<li>b</ul>tail"

    assert text_of(html) == "Team\nJane Roe\nOwner\na\nb\ntail"


def test_cells_of_a_row_are_kept_apart() -> None:
    assert (
        text_of("<table><tr><td>Jane</td><td>Owner</td></tr><tr><td>Bo</table>") == "Jane Owner\nBo"
    )


def test_white_space_is_collapsed() -> None:
    assert text_of("<p>  a\n\n b\t&nbsp; c </p>\n\n<p> </p>") == "a b c"


def test_invisible_characters_are_left_out() -> None:
    assert text_of("<p>ja\u00adne\u200b@\ufefffirm.example</p>") == "jane@firm.example"


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>no</script>",
        "<style>no</style>",
        "<template><p>no</p></template>",
        "<noscript>no</noscript>",
        "<!-- no -->",
        "<p hidden>no</p>",
        '<div style="color:red; DISPLAY : none">no<p>no</p></div>',
        '<span style="visibility:hidden">no</span>',
        "<svg><title>no</title></svg>",
        "<select><option>no</option></select>",
    ],
)
def test_what_a_reader_does_not_see_is_left_out(hidden: str) -> None:
    assert text_of(f"<p>before</p>{hidden}<p>after</p>") == "before\nafter"


def test_a_body_that_scripts_reveal_is_read() -> None:
    assert text_of('<body style="visibility:hidden"><p>Jane</p></body>') == "Jane"


def test_content_hidden_until_found_is_read() -> None:
    assert text_of('<p hidden="until-found">Jane</p>') == "Jane"


def test_any_text_fits_on_one_line() -> None:
    assert line(" a\n b\u200b ") == "a b"
