"""The report as one HTML page: no script, nothing loaded from elsewhere, everything escaped."""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jinja2

from app.reports import FullReport
from app.reports._sections import sections
from app.reports._words import criteria, headline, percent, seconds

_WIDTH, _HEIGHT, _GAP_X, _GAP_Y = 150, 34, 34, 18
_BAND = 6
"""Columns side by side."""


@dataclass(frozen=True, slots=True)
class Box:
    """A stage in the drawing of the graph; in pixels."""

    stage: str
    status: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """The stage graph: boxes, and lines between them as SVG paths."""

    boxes: tuple[Box, ...]
    lines: tuple[str, ...]
    width: int
    height: int


def render(full: FullReport) -> str:
    """The page."""
    return _template().render(
        full=full,
        report=full.report,
        run=full.report.progress.run,
        headline=headline(full),
        criteria=criteria(full),
        sections=sections(full),
        drawing=draw(full),
    )


def draw(full: FullReport) -> Drawing:
    """Each stage stands in the column after the last of those that it needs; after so many columns
    a new band begins below."""
    columns: dict[str, int] = {}
    for stage, needs in full.needs.items():  # in order: needs come first
        columns[stage] = 1 + max((columns[need] for need in needs), default=-1)
    tops, height = _bands(columns)
    status = {time.stage: time.status for time in full.times}
    seen = Counter[int]()
    boxes = {}
    for stage, column in columns.items():
        x = column % _BAND * (_WIDTH + _GAP_X)
        y = tops[column // _BAND] + seen[column] * (_HEIGHT + _GAP_Y)
        seen[column] += 1
        boxes[stage] = Box(stage, status.get(stage, "pending"), x, y)
    lines = [
        _line(boxes[need], boxes[stage]) for stage, needs in full.needs.items() for need in needs
    ]
    return Drawing(tuple(boxes.values()), tuple(lines), _BAND * (_WIDTH + _GAP_X) - _GAP_X, height)


def _bands(columns: dict[str, int]) -> tuple[list[int], int]:
    """Where each band begins, and where the last one ends."""
    rows = Counter(columns.values())
    tops = [0]
    for first in range(0, max(columns.values(), default=0) + 1, _BAND):
        tallest = max(rows[column] for column in range(first, first + _BAND))
        tops.append(tops[-1] + tallest * (_HEIGHT + _GAP_Y) + _GAP_Y)
    return tops, tops[-1]


def _line(start: Box, end: Box) -> str:
    if end.x <= start.x:  # in the next band
        x1, y1 = start.x + _WIDTH // 2, start.y + _HEIGHT
        x2, y2 = end.x + _WIDTH // 2, end.y
        return f"M{x1} {y1} C{x1} {y1 + _GAP_Y} {x2} {y2 - _GAP_Y} {x2} {y2}"
    x1, y1 = start.x + _WIDTH, start.y + _HEIGHT // 2
    x2, y2 = end.x, end.y + _HEIGHT // 2
    return f"M{x1} {y1} C{x1 + 20} {y1} {x2 - 20} {y2} {x2} {y2}"


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"seconds": seconds, "percent": percent}
    return environment.from_string(Path(__file__).with_name("_page.html").read_text("utf-8"))


FORMAT = render
