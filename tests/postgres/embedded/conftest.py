"""Folders for a server of their own."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.db import keeper
from tests.postgres.embedded.box import Box


@pytest.fixture
def fresh_box(tmp_path: Path) -> Iterator[Box]:
    """An empty folder."""
    box = Box(tmp_path)
    yield box
    box.close()


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose server has run and stopped; copied, it saves an initdb."""
    box = Box(tmp_path_factory.mktemp("lived"))
    box.start_and_stop()
    (box.folder / keeper.LOG).unlink()
    return box.folder


@pytest.fixture
def box(fresh_box: Box, lived: Path) -> Box:
    """A folder in which a server has run before."""
    subprocess.run(["cp", "-a", lived, fresh_box.folder], check=True)
    return fresh_box


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account can reach, as pytest's own is not."""
    folder = Path(tempfile.mkdtemp(prefix="sluice-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)
