"""What stages read besides the records of a run, so that a change is noticed and what it touches is
done again.

A stage declares names (`Stage.reads`): a field of the request (`criteria`, `contacts_min`), `icp`,
the rules that judge companies, or a setting (`max_pages`).
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from app.errors import UnknownName
from app.pipeline.graph import Graph
from app.records.run import RunRequest

_OWN_RULES = Path(__file__).with_name("icp_rules.toml")


def read_of(graph: Graph, request: RunRequest, settings: Mapping[str, object]) -> dict[str, str]:
    """A short hash of everything that some stage reads, by name; `settings` by name. Raises
    UnknownName for a name that is neither in the request nor a setting."""
    given = {name: getattr(request, name) for name in RunRequest.__dataclass_fields__}
    icp = request.icp_text or _OWN_RULES.read_text("utf-8")
    known = dict(settings) | given | {"icp": icp}
    return {name: _hash(known[name]) for name in _names(graph, known)}


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """The names of what is not as it was. What was not noted then is taken as it is."""
    return sorted(name for name in now if name in before and before[name] != now[name])


def _names(graph: Graph, known: Mapping[str, object]) -> Iterator[str]:
    for name in sorted({name for stage in graph for name in stage.reads}):
        if name not in known:
            raise UnknownName("input of a stage", name, known)
        yield name


def _hash(value: Any) -> str:
    plain = value.model_dump(exclude_defaults=True) if hasattr(value, "model_dump") else value
    text = json.dumps(plain, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
