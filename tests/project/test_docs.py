"""What the descriptions name is there: commands, options, settings, targets of make, files."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from app.cli.program import build
from app.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = [
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "app/README.md", "workers/README.md"),
    *("sql/README.md", "bench/README.md", "app/sample/README.md", ".env.example"),
    "docker-compose.yml",
]
_TO_BE_WRITTEN = "test_place_check.py"
_OF_COMPOSE = "SLUICE_DB_PASSWORD"
_CALL = re.compile(r"(?:`|^\$ (?:nice )?)(?:\.venv/bin/)?sluice ([^`\n]+)", re.MULTILINE)


def _wrong(words: list[str]) -> Iterator[str]:
    """What a call names and the program does not have."""
    place: Any = get_command(build())
    while words and hasattr(place, "commands") and re.fullmatch(r"[a-z|]+", words[0]):
        first, words = words[0].split("|"), words[1:]
        yield from (name for name in first if name not in place.commands)
        place = place.commands.get(first[0], place)
    known = {option for each in place.params for option in each.opts} | {"--help"}
    yield from (word for word in words if re.match(r"--?[a-z]", word) and word not in known)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_only_what_there_is(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    settings = {f"SLUICE_{name.upper()}" for name in Settings.model_fields} | {_OF_COMPOSE}
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    files = [
        *((ROOT / page).parent / link for link in re.findall(r"\]\((?!http)([^)#]+)\)", text)),
        *(ROOT / path for path in re.findall(r"`((?:app|bench|sql|tests)/[\w/]+\.\w+)`", text)),
    ]

    assert [name for call in _CALL.findall(text) for name in _wrong(call.split())] == []
    assert set(re.findall(r"\bSLUICE_[A-Z_]+", text)) <= settings
    assert set(re.findall(r"`make ([a-z]+)", text)) <= targets
    assert [
        str(file) for file in files if not file.exists() and "place_check" not in file.name
    ] == []
