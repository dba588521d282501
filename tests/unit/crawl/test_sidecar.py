import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.crawl.sidecar import NAME, Sidecar, note_error, raise_noted, read_sidecar
from app.errors import BadResponse, InputError, Refused, RequestError, Unreachable


def stored(folder: Path, entries: object) -> Sidecar:
    (folder / NAME).write_text(json.dumps(entries))
    return read_sidecar(folder)


def test_a_folder_without_a_sidecar_has_no_entries(tmp_path: Path) -> None:
    assert read_sidecar(tmp_path).entry("https://firm.example/") == {}


def test_a_whole_address_comes_before_its_path(tmp_path: Path) -> None:
    sidecar = stored(tmp_path, {"https://firm.example/a": {"status": 1}, "/a": {"status": 2}})

    assert sidecar.entry("https://firm.example/a")["status"] == 1
    assert sidecar.entry("http://firm.example/a")["status"] == 2


def test_a_path_with_its_query_comes_before_the_path(tmp_path: Path) -> None:
    sidecar = stored(tmp_path, {"/a?x=1": {"status": 1}, "/a": {"status": 2}})

    assert sidecar.entry("https://firm.example/a?x=1")["status"] == 1
    assert sidecar.entry("https://firm.example/a?x=2")["status"] == 2


def test_the_moment_of_an_entry_comes_before_that_of_the_host(tmp_path: Path) -> None:
    sidecar = stored(tmp_path, {"fetched_at": "2026-01-31T12:00:00"})

    assert sidecar.fetched_at({}) == datetime(2026, 1, 31, 12, tzinfo=UTC)
    assert sidecar.fetched_at({"fetched_at": "2025-01-31T12:00:00+00:00"}) == datetime(
        2025, 1, 31, 12, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "text", ["{", "[]", "\xff", '{"fetched_at": "yesterday"}', '{"/": {"fetched_at": "x"}}']
)
def test_a_damaged_sidecar_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text, "latin-1")

    with pytest.raises(InputError, match=r"sluice-replay\.json"):
        read_sidecar(tmp_path)


@pytest.mark.parametrize(
    "error",
    [
        Unreachable("timeout", "too slow"),
        Unreachable("rate_limited", "later", retry_after=30.0),
        Refused("robots", "not allowed"),
        BadResponse("gone", "answered 410"),
    ],
)
def test_an_error_that_was_noted_is_met_again(error: RequestError) -> None:
    note = json.loads(json.dumps(note_error(error)))

    with pytest.raises(type(error), match=str(error)) as caught:
        raise_noted(note, "https://firm.example/")

    assert vars(caught.value) == vars(error)


def test_an_entry_without_an_error_raises_nothing() -> None:
    raise_noted({"status": 200}, "https://firm.example/")
