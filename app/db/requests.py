"""A run's request as JSON in the database, and back."""

from dataclasses import asdict
from typing import Any

from app.records.budget import Budget
from app.records.criteria import Criteria
from app.records.run import Run, RunRequest


def pack_request(request: RunRequest) -> dict[str, Any]:
    """The request as JSON holds it."""
    return asdict(request) | {
        "criteria": request.criteria.model_dump(exclude_defaults=True),
        "budget": request.budget.pack(),
    }


def unpack_run(row: Any) -> Run:
    """A run from its row."""
    stored = dict(row["request"])
    stored["criteria"] = Criteria.model_validate(stored["criteria"])
    stored["budget"] = Budget.unpack(stored.get("budget", {}))
    for name in ("sources", "allow_countries"):
        stored[name] = tuple(stored.get(name, ()))
    return Run(
        row["id"],
        RunRequest(**stored),
        row["status"],
        row["stage"],
        row["created_at"],
        tuple(row["route"]),
        frozenset(row["held"]),
    )
