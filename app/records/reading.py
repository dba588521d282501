"""How far a site was read: what its empty fields are worth."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

MissedKind = Literal["failed", "blocked", "nothing"]
"""failed: another time it may be there; blocked: it may not be read; nothing: there is no page."""


@dataclass(frozen=True, slots=True)
class Missed:
    """An address that brought no page. `promise`: what was expected of it (app.crawl.words)."""

    url: str
    cause: str
    kind: MissedKind
    promise: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a site from the address `website`, at most `most_pages` pages.

    `origin`: empty for the network, else the folder that was replayed. `cause` and `detail`: why
    there is no page or why it ended early, empty for a whole reading; `kind` is theirs. `read_at`:
    when the oldest page was fetched.
    """

    website: str = ""
    pages: int = 0
    most_pages: int = 0
    origin: str = ""
    missed: tuple[Missed, ...] = ()
    cause: str = ""
    detail: str = ""
    kind: MissedKind = "nothing"
    read_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
