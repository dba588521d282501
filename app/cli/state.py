"""The options by which a run travels: --save-state, --full, --load-state."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.command import Call

if TYPE_CHECKING:
    from app.records.run import Run
    from app.wiring import Engine

SaveState = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="When the command ends, write the state of the run there."),
]
Full = Annotated[
    bool, typer.Option(help="With --save-state: pages and records too, to go on elsewhere.")
]
LoadState = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Go on here with the run of a state file.")
]


@asynccontextmanager
async def saving(
    call: Call, engine: "Engine", run: "Run", path: Path | None, *, full: bool
) -> AsyncIterator[None]:
    """Save the state when the body ends, in whatever way."""
    try:
        yield
    finally:
        if path is not None:
            await save(call, engine, run, path, full=full)


async def save(call: Call, engine: "Engine", run: "Run", path: Path, *, full: bool) -> int:
    """Write the state of a run; how many bytes."""
    from app.state_file import save_state

    size = await save_state(engine, run, path, full=full)
    what = "whole" if full else "without pages and records"
    call.console.say(f"state of run {run.short_id} ({what}) written to {path}, {size:,} bytes")
    return size


def check_save(path: Path | None, *, full: bool) -> None:
    """Raise InputError, before anything starts, for a file that could not be written."""
    from app.errors import InputError
    from app.request import check_writable

    if full and path is None:
        raise InputError("--full goes with --save-state")
    if path is not None:
        check_writable(str(path.expanduser().absolute().parent), "folder of the state file")
        if path.is_dir():
            raise InputError(f"state file {path} is a folder")
