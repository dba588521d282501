"""One builder per record."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from app.pipeline.outcomes import Found
from app.pipeline.stage import Handler, Stage
from app.records.company import Company
from app.records.criteria import Criteria
from app.records.evidence import Evidence
from app.records.run import Run, RunRequest

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def a_request(**given: Any) -> RunRequest:
    """A request that asks for everything."""
    return replace(RunRequest(Criteria(), ("csv_file:list.csv",), "/nowhere"), **given)


def a_run(**given: Any) -> Run:
    """A run that is not stored."""
    return Run(uuid4(), a_request(**given), "active", "intake", NOW)


def companies(count: int, start: int = 1) -> tuple[Found, ...]:
    """Companies as a source finds them."""
    return tuple(
        Found(
            Company(f"Company {n}", f"c{n}.example", f"https://c{n}.example"),
            (evidence("company_name", f"Company {n}"), evidence("domain", f"c{n}.example")),
        )
        for n in range(start, start + count)
    )


def evidence(field: str, value: str, **given: Any) -> Evidence:
    """A fact seen in a list."""
    fact = Evidence(field, value, "csv_file:list.csv#row=1", value, "source", 0.9, "test", NOW)
    return replace(fact, **given)


def a_stage(
    name: str, number: int, handle: Handler, needs: Sequence[str] = (), **given: Any
) -> Stage:
    """A stage that works on companies."""
    unit = given.pop("unit", "company")
    return Stage(name, number, unit, tuple(needs), handle, name, **given)
