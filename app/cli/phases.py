"""The options that say how far a run goes: --only, --stop-after, --skip, --force."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from app.pipeline.phases import Phases

Only = Annotated[
    str, typer.Option(metavar="STAGE", help="Work on this stage alone (or: A,B), then pause.")
]
StopAfter = Annotated[
    str, typer.Option(metavar="STAGE", help="Pause when this stage is complete; resume goes on.")
]
Skip = Annotated[
    str,
    typer.Option(
        metavar="A,B", help="Leave these stages out; those that need them too, or --force."
    ),
]
Force = Annotated[bool, typer.Option(help="With --skip: although other stages go without.")]


def phases_of(only: str, stop_after: str, skip: str, force: bool) -> "Phases":
    """What the options say; stages by name or number."""
    from app.errors import InputError
    from app.pipeline.phases import Phases

    if force and not skip:
        raise InputError("--force goes with --skip")
    for option, given in (("--only", only), ("--skip", skip)):
        if given and not split(given):
            raise InputError(f"{option} {given!r} names no stage; see: sluice graph")
    return Phases(split(only), stop_after.strip(), split(skip), force)


def split(given: str) -> tuple[str, ...]:
    """("4", "readiness") from "4, readiness"."""
    return tuple(filter(None, (name.strip() for name in given.split(","))))
