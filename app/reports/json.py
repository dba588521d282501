"""The report as one JSON object."""

import json
from dataclasses import asdict
from typing import Any

from app.reports import FullReport


def data(full: FullReport) -> dict[str, Any]:
    """The report as plain values; amounts of money are text."""
    return {
        **full.report.summary(),
        "stages": [
            asdict(time) | {"pace": asdict(pace) if (pace := full.pace.get(time.stage)) else None}
            for time in full.times
        ],
        "slow_stages": [asdict(time) for time in full.times if time.slow],
        "costs": [_texts(asdict(cost)) for cost in full.costs],
        "budget": [_texts(dict(limit)) for limit in full.limits],
        "history": [asdict(event) | {"at": event.at.isoformat()} for event in full.events],
        "graph": {stage: list(needs) for stage, needs in full.needs.items()},
    }


def _texts(row: dict[str, Any]) -> dict[str, Any]:
    money = ("settled", "open", "lost", "total", "amount", "company_amount", "spent")
    return {
        name: str(value) if name in money and value is not None else value
        for name, value in row.items()
    }


def render(full: FullReport) -> str:
    """The object, indented."""
    return json.dumps(data(full), indent=2, ensure_ascii=False)


FORMAT = render
