"""`sluice forget`: erase a person or a company from every run, and leave them alone for good."""

from typing import Annotated

import typer

from app.cli.command import Call, command
from app.cli.opening import look_at_runs


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    command(app)(forget)


async def forget(
    call: Call,
    value: Annotated[str, typer.Argument(metavar="EMAIL|DOMAIN", help="Whom to forget.")],
) -> None:
    """Erase a person or a company from every run, and put them on the suppression list.

    Files on disk are not changed; those that may list them are named. Backups are yours to clean.
    """
    from app.forget import forget as forget_

    async with look_at_runs(call) as engine:
        done = await forget_(engine.database, value)
    lines = [f"{rows} {place}" for place, rows in done.erased.items()]
    said = f"erased: {', '.join(lines)}" if lines else "nothing was stored"
    text = [f"{said}; suppressed from now on"]
    if done.files:
        text += ["not changed, delete or clean by hand:", *(f"  {path}" for path in done.files)]
    call.console.answer(
        {"kind": done.kind, "erased": done.erased, "files": list(done.files), "suppressed": True},
        "\n".join(text),
    )
