"""`sluice worker` and `sluice workers`: run a worker process, list those that run."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.command import Call, command, log_to_stderr
from app.cli.console import table
from app.cli.opening import look_at_runs

if TYPE_CHECKING:
    from app.pipeline.graph import Graph

ALL = "all"


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    command(app)(worker)
    command(app)(workers)


async def worker(
    call: Call,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME...|all]", help="Stages to serve.")
    ] = None,
    concurrency: Annotated[
        int | None, typer.Option(min=1, max=1000, help="Items in flight.")
    ] = None,
    until_idle: Annotated[bool, typer.Option(help="End when no run is active.")] = False,
) -> None:
    """Run a worker process for some stages, or for all.

    SIGTERM drains it: items in flight get the grace time, the rest is handed back.
    """
    from app.tools import open_tools
    from app.wiring import load_graph, open_engine

    log_to_stderr(call)
    settings = call.settings
    graph = load_graph()
    stages = choose_stages(graph, names or [ALL])
    async with (
        open_engine(settings, graph=graph, prepare=True) as engine,
        open_tools(settings, engine.database, engine.budget) as tools,
    ):
        await engine.worker(stages, tools, concurrency).run(until_idle=until_idle)
    if call.console.as_json:
        call.console.answer({"stages": stages, "exit_code": 0}, "")


def choose_stages(graph: "Graph", given: list[str]) -> list[str]:
    """The stages of these names or numbers, once each; "all" is every one. Raises UnknownName."""
    names = [stage.name for stage in graph] if ALL in given else given
    return list(dict.fromkeys(graph[name].name for name in names))


async def workers(call: Call) -> None:
    """List the worker processes that run."""
    from app.db.queries import query

    async with look_at_runs(call) as engine:
        rows = await engine.database.fetch(query("workers.list"))
    listed = [_describe(row, call.settings.lease) for row in rows]
    header = ("id", "host", "pid", "version", "running", "silent", "state", "stages")
    shown: list[tuple[object, ...]] = [
        (*(each[name] for name in header[:-1]), ", ".join(each["stages"])) for each in listed
    ]
    text = table(shown, header) if rows else "no worker runs; start one with: sluice worker all"
    call.console.answer({"workers": listed}, text)


def _describe(row: Any, patience: float) -> dict[str, Any]:
    """A worker as people see it; `silent` is in seconds since its last heartbeat."""
    state = "draining" if row["draining"] else "live"
    return {
        "id": row["id"],
        "host": row["host"],
        "pid": row["pid"],
        "version": row["version"],
        "stages": row["stages"],
        "concurrency": row["concurrency"],
        "running": row["running"],
        "started_at": row["started_at"].isoformat(),
        "silent": round(row["silent"], 1),
        "state": "stale" if row["silent"] > patience else state,
    }
