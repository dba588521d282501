"""`sluice help` and `sluice version`."""

from dataclasses import asdict

import typer

from app.cli.command import Call, command
from app.cli.console import table
from app.errors import InputError

EXIT_CODES = {
    0: "done, or paused where --stop-after or --only asked for it",
    1: "finished with failed items above the allowed share, the run failed, or lines were refused",
    2: "bad input or configuration; nothing was created",
    3: "another process leads this run",
    4: "paused: waits for budget or for a decision",
    5: "the database cannot be reached, past the deadline, or is gone",
    6: "the export was not written",
    7: "a stage took longer than allowed; the run continues",
    130: "interrupted; the run continues",
    143: "terminated; the run continues",
}


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""

    @command(app, "help")
    async def help_(call: Call, topic: str = typer.Argument("exit-codes")) -> None:
        """Explain a topic: exit-codes, countries."""
        if topic == "countries":
            _countries(call)
            return
        if topic != "exit-codes":
            raise InputError(f"no help on {topic!r}; there are: exit-codes, countries")
        codes = {str(code): meaning for code, meaning in EXIT_CODES.items()}
        call.console.answer({"exit_codes": codes}, table(list(codes.items()), ("code", "meaning")))

    @command(app)
    async def version(call: Call) -> None:
        """Print the version."""
        from app import __version__

        call.console.answer({"version": __version__}, f"sluice {__version__}")


def _countries(call: Call) -> None:
    from app.pipeline.country_gate import laws, open_laws

    tables = {"countries": laws(), "open": open_laws()}
    withheld, free = (
        table([(code, law.name, law.asks) for code, law in laws_.items()], ("country", "law", "it"))
        for laws_ in tables.values()
    )
    call.console.answer(
        {
            name: {code: asdict(law) for code, law in laws_.items()}
            for name, laws_ in tables.items()
        },
        "People there are withheld unless --allow-country names the country. A caution, neither"
        f" complete nor legal advice; --json adds sources.\n\n{withheld}\n\n"
        f"Looked up, and nobody is withheld:\n\n{free}",
    )
