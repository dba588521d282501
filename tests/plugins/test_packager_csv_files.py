"""app/packagers/csv.py: what is on the disk, before, after and in between."""

import asyncio
import hashlib
import json
import re
from collections.abc import AsyncIterator, Iterable, Mapping
from itertools import repeat
from pathlib import Path

import pytest

from app.errors import ExportFailed
from app.packagers import Row
from app.packagers._atomic import _alone, discard, start
from tests.plugins.test_packager_csv import (
    COMPANIES,
    CONTACTS,
    MANIFEST,
    Rows,
    contents,
    write,
)


def leave(folder: Path, name: str, content: bytes) -> Path:
    """A draft of this file that a dead process left."""
    draft = folder / f".{name}.0a1b2c3d.sluice-tmp"
    draft.write_bytes(content)
    return draft


async def test_a_symbolic_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text("keep")
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / COMPANIES).symlink_to(precious)

    await write(folder, Rows())

    assert precious.read_text() == "keep"
    assert not (folder / COMPANIES).is_symlink()


async def test_new_files_are_as_readable_as_others(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()

    await write(tmp_path, Rows())

    assert (tmp_path / COMPANIES).stat().st_mode == (tmp_path / "plain").stat().st_mode


async def test_a_folder_behind_a_symbolic_link_is_written_into(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    await write(tmp_path / "link", Rows())

    assert contents(tmp_path / "real").keys() == {COMPANIES, CONTACTS, MANIFEST}


async def test_what_a_dead_export_left_is_taken_back(tmp_path: Path) -> None:
    await write(tmp_path, Rows([{}]))
    sealed = contents(tmp_path)
    other = COMPANIES.replace("abcdef12", "01234567")
    (tmp_path / other).write_bytes(b"came without its seal")
    (tmp_path / "mine.csv").write_bytes(b"changed since")
    listed = {other: b"came without its seal", "mine.csv": b"as it was", "../up.csv": b"up"}
    (tmp_path.parent / "up.csv").write_bytes(b"up")
    files = [{"name": n, "sha256": hashlib.sha256(c).hexdigest()} for n, c in listed.items()]
    leave(tmp_path, MANIFEST.replace("abcdef12", "01234567"), json.dumps({"files": files}).encode())
    leave(tmp_path, MANIFEST, sealed[MANIFEST])
    leave(tmp_path, CONTACTS, b"half of i")
    leave(tmp_path, "x.json", b"[1")

    await write(tmp_path, Rows([{}]))

    assert contents(tmp_path) == sealed | {"mine.csv": b"changed since"}
    assert (tmp_path.parent / "up.csv").exists()


async def test_the_draft_of_a_living_export_is_left_alone(tmp_path: Path) -> None:
    draft = start("x", tmp_path / CONTACTS)

    await write(tmp_path, Rows())

    assert draft.temporary.exists()
    discard([draft])
    assert contents(tmp_path).keys() == {COMPANIES, CONTACTS, MANIFEST}


async def test_a_folder_that_a_stopped_process_holds_is_not_waited_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.packagers._atomic.LOCK_SECONDS", 0.05)

    with _alone(tmp_path):
        await write(tmp_path, Rows())

    assert len(contents(tmp_path)) == 3


async def test_a_target_that_is_a_folder_fails_and_leaves_the_other_file(tmp_path: Path) -> None:
    (tmp_path / CONTACTS).mkdir()
    (tmp_path / COMPANIES).write_bytes(b"old")

    with pytest.raises(ExportFailed, match=CONTACTS):
        await write(tmp_path, Rows())

    assert contents(tmp_path) == {COMPANIES: b"old"}


async def test_an_output_folder_that_is_a_file_fails_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")

    with pytest.raises(ExportFailed, match=re.escape(str(tmp_path / "out" / COMPANIES))):
        await write(tmp_path / "out", Rows())


async def test_records_that_cannot_be_read_leave_nothing_behind(tmp_path: Path) -> None:
    def broken() -> Iterable[Mapping[str, object]]:
        yield from repeat({"full_name": "Oak"}, 700)
        raise ConnectionError("the database is away")

    with pytest.raises(ConnectionError, match="the database is away"):
        await write(tmp_path, Rows(contact_rows=broken()))

    assert contents(tmp_path) == {}


async def test_a_cancelled_export_leaves_nothing_behind(tmp_path: Path) -> None:
    started = asyncio.Event()

    class Endless(Rows):
        async def contacts(self) -> AsyncIterator[Row]:
            while True:
                started.set()
                yield {"full_name": "Oak"}
                await asyncio.sleep(0)

    task = asyncio.create_task(write(tmp_path, Endless()))
    await started.wait()
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert contents(tmp_path) == {}
