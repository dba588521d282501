"""What was known before a run looked at anything."""

from dataclasses import dataclass
from typing import Literal

ContextKind = Literal["icp", "note", "research", "suppression"]


@dataclass(frozen=True, slots=True)
class ContextItem:
    """One piece of it. `domain`: the company that it is about, or empty."""

    kind: ContextKind
    name: str
    body: str
    domain: str = ""
