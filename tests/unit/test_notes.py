"""A folder of notes may hold anything; what is taken of it is bounded, and what is not is said."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import notes
from app.notes import PIECE, _pieces, read_notes


def test_markdown_and_text_are_read_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "austin.MD").write_text("# Austin\nFirms there use Buildium.")
    (tmp_path / "plain.txt").write_bytes("\ufeffGrüße\x00".encode())
    (tmp_path / ".hidden.md").write_text("secret")
    (tmp_path / "list.csv").write_text("a,b")
    (tmp_path / "link.md").symlink_to("/etc/passwd")
    (tmp_path / "loop").symlink_to(tmp_path)

    items, left_out = read_notes(tmp_path)

    assert [(each.name, each.body) for each in items] == [
        ("deep/er/austin.MD", "# Austin\nFirms there use Buildium."),
        ("plain.txt", "Grüße"),
    ]
    assert left_out == []


def test_hostile_names_and_bytes_are_made_harmless(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\x1b[31m\xff\n.md"
    Path(os.fsdecode(name)).write_bytes(b"\xff\xfe\x1b[2J ok")

    (item,), _ = read_notes(tmp_path)

    assert item.name.isprintable()
    assert "\x1b" not in item.body
    item.name.encode()
    item.body.encode()


@pytest.mark.parametrize(
    ("cap", "value", "said"),
    [
        ("MAX_BYTES", 10, "3 notes left out: larger than 0 kB"),
        ("MAX_FILES", 1, "2 notes left out: more than 1 files"),
        ("MAX_TOTAL", 90, "1 note left out: more than 0 MB together"),
    ],
)
def test_what_is_too_much_is_left_out_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cap: str, value: int, said: str
) -> None:
    for name in ("a.md", "b.md", "c.md"):
        (tmp_path / name).write_text("x" * 40)
    monkeypatch.setattr(notes, cap, value)

    assert read_notes(tmp_path)[1] == [said]


@given(st.text(max_size=6000))
def test_no_word_is_lost_between_the_pieces(text: str) -> None:
    pieces = list(_pieces(text))

    assert all(0 < len(piece) <= PIECE for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
