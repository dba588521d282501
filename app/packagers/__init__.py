"""Packagers: a snapshot -> files. A packager is one file here that exports `PACKAGER`."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

Row = Mapping[str, object]
"""Column name -> value; `<column>_source` keys hold the address that a value was seen at."""


class Snapshot(Protocol):
    """The frozen records of one export. `created_at` names the files: a retry writes the same."""

    @property
    def run_short_id(self) -> str:
        """Names the files."""

    @property
    def created_at(self) -> datetime:
        """Dates the files."""

    @property
    def about(self) -> Mapping[str, object]:
        """What the manifest says of the run, the snapshot and the sources; plain JSON values."""

    def companies(self) -> AsyncIterator[Row]:
        """Rows in the order of the file, streamed."""

    def contacts(self) -> AsyncIterator[Row]:
        """Rows in the order of the file, streamed."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file that was written: rows without the header (0 for a manifest), SHA-256 in hex."""

    kind: str
    path: Path
    rows: int
    sha256: str


class Packager(Protocol):
    """What a file exports as PACKAGER."""

    async def __call__(
        self, snapshot: Snapshot, folder: Path, *, with_evidence: bool
    ) -> tuple[Artifact, ...]:
        """Write all files or none. Raises ExportFailed naming the path."""
