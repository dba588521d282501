"""Named SQL. Statements live in `sql/queries/<concept>.sql`, each below a header:

    -- name: claim(ids, worker_id, lease)
    -- What it does, in a line or two.
    UPDATE ...

The names in brackets are $1, $2, ... in order. A test prepares every statement and checks that.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SQL_FOLDER = Path(__file__).resolve().parents[2] / "sql"
_HEADER = re.compile(r"^-- name: (?P<name>\w+)\((?P<parameters>[\w, ]*)\)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Statement:
    """One named statement: `name` is "<concept>.<name>"."""

    name: str
    parameters: tuple[str, ...]
    text: str


def query(name: str) -> str:
    """The text of a statement, for example query("items.claim"). Raises KeyError if unknown."""
    return statements()[name].text


@cache
def statements() -> dict[str, Statement]:
    """All named statements, read once."""
    found = (
        statement
        for path in sorted((SQL_FOLDER / "queries").glob("*.sql"))
        for statement in _parse(path.stem, path.read_text(encoding="utf-8"))
    )
    return {statement.name: statement for statement in found}


def _parse(concept: str, text: str) -> list[Statement]:
    headers = list(_HEADER.finditer(text))
    ends = [header.start() for header in headers[1:]] + [len(text)]
    return [
        Statement(
            f"{concept}.{header['name']}",
            tuple(filter(None, re.split(r",\s*", header["parameters"]))),
            text[header.end() : end].strip().rstrip(";"),
        )
        for header, end in zip(headers, ends, strict=True)
    ]
