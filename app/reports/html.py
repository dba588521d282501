"""The report as one HTML page: no script, nothing loaded from elsewhere, everything escaped."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jinja2

from app.pipeline.causes import phrase
from app.reports import FullReport
from app.reports._words import criteria, headline, percent, seconds, slowest

_WIDTH, _HEIGHT, _GAP_X, _GAP_Y = 150, 34, 34, 14


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
        slowest=slowest(full),
        drawing=draw(full),
    )


def draw(full: FullReport) -> Drawing:
    """Each stage stands in the column after the last of those that it needs."""
    columns: dict[str, int] = {}
    for stage, needs in full.needs.items():  # in order: needs come first
        columns[stage] = 1 + max((columns[need] for need in needs), default=-1)
    status = {time.stage: time.status for time in full.times}
    seen: dict[int, int] = {}
    boxes = {}
    for stage, column in columns.items():
        row = seen[column] = seen.get(column, -1) + 1
        x, y = column * (_WIDTH + _GAP_X), row * (_HEIGHT + _GAP_Y)
        boxes[stage] = Box(stage, status.get(stage, "pending"), x, y)
    lines = [
        _line(boxes[need], boxes[stage]) for stage, needs in full.needs.items() for need in needs
    ]
    width = (max(columns.values(), default=0) + 1) * (_WIDTH + _GAP_X) - _GAP_X
    height = (max(seen.values(), default=0) + 1) * (_HEIGHT + _GAP_Y)
    return Drawing(tuple(boxes.values()), tuple(lines), width, height)


def _line(start: Box, end: Box) -> str:
    x1, y1 = start.x + _WIDTH, start.y + _HEIGHT // 2
    x2, y2 = end.x, end.y + _HEIGHT // 2
    return f"M{x1} {y1} C{x1 + 20} {y1} {x2 - 20} {y2} {x2} {y2}"


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"seconds": seconds, "percent": percent, "phrase": phrase}
    return environment.from_string(Path(__file__).with_name("_page.html").read_text("utf-8"))


FORMAT = render
