"""Sources: criteria -> companies. A source is one file here that exports `SOURCE`.

A source's order is its own and stable: the same file gives the same companies in the same order,
so that `offset` says where the next batch begins.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from app.pipeline.outcomes import Found
from app.records.criteria import Criteria

if TYPE_CHECKING:
    from app.sources._network import Network


Offset = Any
"""Where a batch begins: 0 for the first one, then what the batch before gave; JSON can hold it."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Companies that match, the offset to go on from, and whether anything is left."""

    found: tuple[Found, ...]
    next_offset: Offset
    exhausted: bool


class Source(Protocol):
    """An opened source."""

    async def check(self, criteria: Criteria) -> None:
        """Refuse a bad file (with line and reason) before a run exists. Raises InputError."""

    async def batch(self, criteria: Criteria, offset: Offset, size: int, now: datetime) -> Batch:
        """Up to `size` matching companies from `offset` on; `now` is when they are seen.

        Raises Unreachable for what may pass; InputError, ConfigError and other RequestErrors for
        what will not.
        """


@runtime_checkable
class Counting(Protocol):
    """What a source has too when it can say quickly how much of it matches."""

    async def count(self, criteria: Criteria, most: int, now: datetime) -> tuple[int, bool]:
        """Matching companies, up to `most`, and whether these are all. Raises as `batch`."""


COUNTED_AT_ONCE = 2000
"""So that counting takes no more memory than reading."""


async def counted(source: Source, criteria: Criteria, most: int, now: datetime) -> tuple[int, bool]:
    """The count of a source whose batches cost no more than reading a file."""
    count, offset = 0, 0
    while count < most:
        batch = await source.batch(criteria, offset, min(most - count, COUNTED_AT_ONCE), now)
        count, offset = count + len(batch.found), batch.next_offset
        if batch.exhausted:
            return count, True
    return count, False


class SourceKind(Protocol):
    """What a file exports as SOURCE."""

    licence: str
    """Licence of the data and the attribution that it asks for; empty for the user's own."""
    needs_path: bool

    def absolute(self, path: str) -> str:
        """What stands behind "NAME:" with absolute paths, so that any process can open it."""

    def open(
        self, path: str, column_map: Mapping[str, str], network: "Network | None" = None
    ) -> Source:
        """A source over this path; what it asks of services goes through `network`. Does no I/O."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A source of a run as the person named it (`name` is NAME or NAME:PATH), with its licence."""

    name: str
    licence: str
    source: Source
