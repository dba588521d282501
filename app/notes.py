"""A folder of notes: Markdown and text files, in pieces that can be ranked one by one.

The folder is the person's, and may hold anything: links are not followed, hidden files and other
kinds are passed over, and there are caps on how many, how large and how deep.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from app.records.context import ContextItem

KINDS = frozenset({".md", ".markdown", ".txt", ".text"})
MAX_FILES, MAX_BYTES, MAX_TOTAL, MAX_DEPTH = 500, 200_000, 5_000_000, 5
PIECE = 1500
"""Characters of a piece: some 400 tokens."""
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_BREAK = re.compile(r"\n(?=#{1,6} )|\n\s*\n")


def read_notes(folder: Path) -> tuple[list[ContextItem], list[str]]:
    """The notes, and in sentences what was left out. Raises OSError for a folder that cannot be
    read."""
    items: list[ContextItem] = []
    left_out: dict[str, int] = {}
    total = files = 0
    for path, size in _files(folder):
        why = ""
        if files >= MAX_FILES:
            why = f"more than {MAX_FILES} files"
        elif size > MAX_BYTES:
            why = f"larger than {MAX_BYTES // 1000} kB"
        elif total + size > MAX_TOTAL:
            why = f"more than {MAX_TOTAL // 1_000_000} MB together"
        else:
            try:
                text = _text(path)
            except OSError as error:
                why = error.strerror or "cannot be read"
        if why:
            left_out[why] = left_out.get(why, 0) + 1
            continue
        files, total = files + 1, total + size
        name = "".join(filter(str.isprintable, path.relative_to(folder).as_posix()))[:200]
        items += [ContextItem("note", name, piece) for piece in _pieces(text)]
    return items, [
        f"{count} note{'s' * (count != 1)} left out: {why}" for why, count in left_out.items()
    ]


def _files(folder: Path, depth: int = 0) -> Iterator[tuple[Path, int]]:
    with os.scandir(folder) as entries:
        listed = sorted(entries, key=lambda entry: entry.name)
    for entry in listed:
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        if entry.is_dir() and depth < MAX_DEPTH:
            yield from _files(Path(entry.path), depth + 1)
        elif entry.is_file() and Path(entry.name).suffix.lower() in KINDS:
            yield Path(entry.path), entry.stat().st_size


def _text(path: Path) -> str:
    with path.open("rb") as file:
        data = file.read(MAX_BYTES)
    return _UNPRINTABLE.sub("", data.decode("utf-8-sig", "replace").replace("\r\n", "\n"))


def _pieces(text: str) -> Iterator[str]:
    """Paragraphs, joined up to PIECE characters; a heading begins a new one."""
    piece = ""
    for part in (part.strip() for part in _BREAK.split(text)):
        if piece and (part.startswith("#") or len(piece) + len(part) > PIECE):
            yield piece
            piece = ""
        piece = f"{piece}\n\n{part}" if piece and part else piece or part
        while len(piece) > PIECE:
            yield piece[:PIECE]
            piece = piece[PIECE:]
    if piece:
        yield piece
