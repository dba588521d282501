"""How far a run's sources have been read: in the order given, one after the other.

waiting -> open -> done         `open`: it may hold more
   `---------`---> failed       it is passed over, and the next one is read
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

Status = Literal["waiting", "open", "done", "failed"]


@dataclass(frozen=True, slots=True)
class SourceRead:
    """One source of a run. `found`: companies that it gave; `error`: why it failed; `licence`: of
    its data, with the attribution that it asks for, empty for the person's own."""

    source: str
    status: Status
    found: int
    error: str
    licence: str


class Reading:
    """All sources of a run, and where the next batch begins."""

    def __init__(self, reads: Sequence[SourceRead], index: int = 0, offset: Any = 0) -> None:
        self.reads = list(reads)
        self.index = index
        self.offset = offset

    @classmethod
    def begun(cls, sources: Sequence[tuple[str, str]]) -> "Reading":
        """Nothing read yet of these: (name, licence)."""
        return cls([SourceRead(name, "waiting", 0, "", licence) for name, licence in sources])

    @classmethod
    def at(cls, cursor: Mapping[str, Any]) -> "Reading":
        """As a batch before left it."""
        reads = [SourceRead(**each) for each in cursor["sources"]]
        return cls(reads, cursor["index"], cursor["offset"])

    def extend(self, sources: Sequence[tuple[str, str]]) -> None:
        """Of all the run's sources now, those that were added since are read after the others."""
        self.reads += Reading.begun(sources[len(self.reads) :]).reads

    @property
    def exhausted(self) -> bool:
        """Whether every source was read to its end, or failed."""
        return self.index == len(self.reads)

    @property
    def is_last_hope(self) -> bool:
        """Whether all sources but the one that is read now failed."""
        others = self.reads[: self.index] + self.reads[self.index + 1 :]
        return all(each.status == "failed" for each in others)

    @property
    def name(self) -> str:
        """The source that is read now."""
        return self.reads[self.index].source

    def advance(self, found: int, offset: Any, *, exhausted: bool) -> None:
        """The source that is read now gave so many companies."""
        self._mark(status="done" if exhausted else "open", found=self._now.found + found)
        self.index, self.offset = (self.index + 1, 0) if exhausted else (self.index, offset)

    def fail(self, error: str) -> None:
        """Pass over the source that is read now."""
        self._mark(status="failed", error=error)
        self.index, self.offset = self.index + 1, 0

    def notes(self) -> list[str]:
        """A sentence for each source that failed."""
        return [_sentence(each) for each in self.reads if each.status == "failed"]

    def result(self) -> dict[str, Any]:
        """What an item's result holds; `error` where all sources failed."""
        sources = [asdict(each) for each in self.reads]
        cursor = {"index": self.index, "offset": self.offset, "sources": sources}
        found = {"cursor": cursor, "sources": sources, "exhausted": self.exhausted}
        if all(each.status == "failed" for each in self.reads):
            return found | {"error": "; ".join(self.notes())}
        return found | {"notes": self.notes()}

    @property
    def _now(self) -> SourceRead:
        return self.reads[self.index]

    def _mark(self, **changes: Any) -> None:
        self.reads[self.index] = replace(self._now, **changes)


def _sentence(read: SourceRead) -> str:
    after = f", after {read.found} companies" if read.found else ""
    return f"source {read.source} failed{after}: {read.error}"
