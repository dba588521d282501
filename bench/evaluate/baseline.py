"""The figures of the bundled sample that must not fall."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from app.errors import InputError
from bench.evaluate import figures
from bench.evaluate.evaluation import Evaluation

FILE: Final = Path(__file__).with_name("baseline.json")
SHARES: Final = ("precision", "recall", "f1")
AT_MOST: Final = "given_to_wrong_person"


def baseline_of(evaluation: Evaluation) -> dict[str, Any]:
    """Shares per field and per vendor, and what was given to the wrong person."""
    fields = figures.by_field(evaluation.marks)
    vendors = {name: own for name, (own, _) in figures.by_vendor(evaluation.marks).items()}
    return {
        "fields": {name: _shares(one.as_json()) for name, one in fields.items()},
        "software": {name: _shares(one.as_json()) for name, one in vendors.items()},
        AT_MOST: figures.given_wrongly(evaluation.marks),
    }


def _shares(figure: Mapping[str, Any]) -> dict[str, float]:
    return {name: figure[name] for name in SHARES if figure[name] is not None}


def read_baseline(file: Path = FILE) -> dict[str, Any]:
    """The committed figures. Raises InputError."""
    try:
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{file.name}: {error}; write it with --write-baseline") from None
    return found


def write_baseline(evaluation: Evaluation, file: Path = FILE) -> None:
    """Make these the figures that must not fall."""
    text = json.dumps(baseline_of(evaluation), indent=1, sort_keys=True)
    file.write_text(f"{text}\n", encoding="utf-8")


def fallen(now: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    """One line for each figure that is worse than before; a figure that is gone is worse."""
    worse = [
        f"{name} {share}: {value:.4f} before, {_now(now[kind], name, share)} now"
        for kind in ("fields", "software")
        for name, shares in before[kind].items()
        for share, value in shares.items()
        if now[kind].get(name, {}).get(share, -1.0) < value
    ]
    return worse + [
        f"{name} given to the wrong person: {count} before, {now[AT_MOST].get(name)} now"
        for name, count in before[AT_MOST].items()
        if now[AT_MOST].get(name, count) > count
    ]


def _now(figures_now: Mapping[str, Mapping[str, float]], name: str, share: str) -> str:
    value = figures_now.get(name, {}).get(share)
    return "none" if value is None else f"{value:.4f}"
