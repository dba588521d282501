"""`sluice graph`: the stages, in order, and how they follow each other."""

from typing import TYPE_CHECKING

import typer

from app.cli.command import Call, command
from app.cli.console import table

if TYPE_CHECKING:
    from app.pipeline.graph import Graph


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    command(app)(graph)


async def graph(call: Call) -> None:
    """Print the stages and what they need."""
    from app.wiring import load_graph

    loaded = load_graph()
    stages = [
        {
            "number": stage.number,
            "stage": stage.name,
            "unit": stage.unit,
            "needs": list(stage.needs),
            "critical": stage.critical,
            "off": stage.off,
            "summary": stage.summary,
        }
        for stage in loaded
    ]
    call.console.answer({"stages": stages}, draw(loaded))


def draw(graph: "Graph") -> str:
    """A table, and below it the arrows: what each stage lets go on."""
    rows: list[tuple[object, ...]] = [
        (stage.number, stage.name, stage.unit, ", ".join(stage.needs) or "-",
         f"{stage.summary} (switched off)" if stage.off else stage.summary)
        for stage in graph
    ]  # fmt: skip
    arrows = [
        f"{stage.name} --> {', '.join(followers)}"
        for stage in graph
        if (followers := [each.name for each in graph if stage.name in each.needs])
    ]
    return "\n".join(
        [table(rows, ("no", "stage", "works on", "needs", "what it does")), "", *arrows]
    )
