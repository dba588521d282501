"""`sluice up`, `worker`, `workers`: run a fleet, or one of its processes; list those that run."""

import asyncio
import os
import sys
from collections.abc import Callable
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
    command(app)(up)
    command(app)(worker)
    command(app)(workers)


async def up(
    call: Call,
    workers: Annotated[
        int | None,
        typer.Option(
            min=0, max=100, help="Processes of all stages; default: one a processor, 2-4."
        ),
    ] = None,
    stage: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME[,NAME][=N]", help="N more processes for these stages alone."),
    ] = None,
) -> int:
    """Run a fleet: database and workers, started again when they die.

    Ctrl-C or SIGTERM drains it, a second one ends it at once. Exit code 0: all ended as asked;
    5: the built-in database's folder is gone.
    """
    from app.clock import SystemClock
    from app.fleet import Fleet
    from app.wiring import load_graph, open_engine

    settings, graph = call.settings, load_graph()
    groups = choose_groups(graph, workers, stage or [])
    async with open_engine(settings, graph=graph, prepare=True) as engine:
        where = "as configured" if settings.dsn else f"built-in, in {settings.data_dir}"
        call.console.say(f"the database is up ({where})")
        served = {name for group in groups for name in group}
        if left := [each.name for each in graph if not each.off and each.name not in served]:
            call.console.say(f"nothing here serves {', '.join(left)}: another fleet has to")
        fleet = Fleet(settings, SystemClock(), attached=True)
        gone = asyncio.create_task(engine.database.gone(settings))
        ended = await fleet.serve(groups, call.console.say, until=gone)
    if call.console.as_json:
        call.console.answer({"workers": len(groups), "exit_code": int(not ended)}, "")
    return int(not ended)


def choose_groups(graph: "Graph", workers: int | None, given: list[str]) -> list[tuple[str, ...]]:
    """The stages of each process: `workers` of all stages, then those of NAME[,NAME][=N]. Raises
    UnknownName for a stage, InputError for a number that is none, or when no process is left."""
    from app.errors import InputError
    from app.fleet import fleet_groups

    every = fleet_groups(graph)
    groups = every if workers is None else every[:1] * workers
    for each in given:
        names, equals, count = each.partition("=")
        if equals and not (count.isascii() and count.isdecimal() and 0 < int(count) <= 100):
            raise InputError(f"--stage {each}: behind the = stands a number from 1 to 100")
        stages = tuple(choose_stages(graph, names.split(",")))
        groups = groups + [stages] * int(count or 1)
    if not groups:
        raise InputError("a fleet of no processes: give --workers N or --stage NAME=N")
    return groups


async def worker(
    call: Call,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME...|all]", help="Stages to serve.")
    ] = None,
    concurrency: Annotated[
        int | None, typer.Option(min=1, max=1000, help="Items in flight.")
    ] = None,
    until_idle: Annotated[bool, typer.Option(help="End when no run is active.")] = False,
    until_eof: Annotated[bool, typer.Option(help="Drain when standard input closes.")] = False,
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
        process = engine.worker(stages, tools, concurrency)
        if until_eof:
            _at_eof(process.stop)
        await process.run(until_idle=until_idle)
    if call.console.as_json:
        call.console.answer({"stages": stages, "exit_code": 0}, "")


def _at_eof(stop: Callable[[], None]) -> None:
    """Call `stop` when whoever holds the other end of standard input is gone."""
    loop, stdin = asyncio.get_running_loop(), sys.stdin.fileno()

    def read() -> None:
        if not os.read(stdin, 4096):
            loop.remove_reader(stdin)
            stop()

    try:
        loop.add_reader(stdin, read)
    except PermissionError:  # a file, or /dev/null: nobody holds the other end
        stop()


def choose_stages(graph: "Graph", given: list[str]) -> list[str]:
    """The stages of these names or numbers, once each; "all" is every one. Raises UnknownName."""
    names = [stage.name for stage in graph] if ALL in given else given
    return list(dict.fromkeys(graph[name].name for name in names))


async def workers(
    call: Call,
    items: Annotated[bool, typer.Option("--items", help="With the items that each holds.")] = False,
) -> None:
    """List the worker processes that run, on every machine.

    Stale is who was silent for longer than the setting lease: its items go to others.
    """
    from app.db.queries import query
    from app.wiring import load_graph

    async with look_at_runs(call) as engine:
        rows = await engine.database.fetch(query("workers.list"))
        held = await engine.database.fetch(query("workers.held")) if items else []
    listed = [_describe(row, call.settings.lease) for row in rows]
    if items:
        for each in listed:
            each["items"] = [_item(row) for row in held if row["worker_id"] == each["id"]]
    call.console.answer({"workers": listed}, _text(listed, load_graph()))


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
        "last_heartbeat": row["seen_at"].isoformat(),
        "silent": round(row["silent"], 1),
        "state": "stale" if row["silent"] > patience else state,
    }


def _item(row: Any) -> dict[str, Any]:
    """An item that a worker holds; `seconds` since it was claimed."""
    return {
        "item": row["id"],
        "run": str(row["run_id"]),
        "stage": row["stage"],
        "company": row["company"],
        "attempt": row["attempt"],
        "seconds": round(row["seconds"], 1),
    }


def _text(listed: list[dict[str, Any]], graph: "Graph") -> str:
    if not listed:
        return "no worker runs; start some with: sluice up"
    header = ("id", "host", "pid", "version", "running", "heartbeat", "state", "stages")
    rows: list[tuple[object, ...]] = []
    for each in listed:
        seen = {"heartbeat": f"{each['silent']} s ago", "stages": graph.describe(each["stages"])}
        rows.append(tuple((each | seen)[name] for name in header))
    held = [(each["id"], *_cells(item)) for each in listed for item in each.get("items", ())]
    below = table(held, ("worker", "item", "run", "stage", "company", "attempt", "seconds"))
    return table(rows, header) + (f"\n\n{below}" if held else "")


def _cells(item: dict[str, Any]) -> tuple[object, ...]:
    return tuple((item | {"run": item["run"][:8]}).values())
