"""The commands, and what happens around each of them."""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import typer

from app.cli.command import accept_common, show_help
from app.cli.console import Console

_SUMMARY = "Criteria in, a researched, checked, evidenced lead list out."
_GROUPS = (
    "run",
    "runs",
    "items",
    "stages",
    "explain",
    "plan",
    "context",
    "decide",
    "review",
    "export",
    "forget",
    "suppress",
    "budget",
    "companies",
    "report",
    "workers",
    "graph",
    "db",
    "doctor",
    "config",
    "help",
)


def build() -> typer.Typer:
    """The program with all its commands, in the order in which help shows them."""
    app = typer.Typer(
        name="sluice",
        add_completion=False,
        rich_markup_mode=None,
        invoke_without_command=True,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    accept_common(_before)
    app.callback(help=_SUMMARY, epilog="Exit codes: sluice help exit-codes")(_before)
    for group in _GROUPS:
        import_module(f"app.cli.{group}").register(app)
    return app


def _before(context: typer.Context, **_: Any) -> None:
    """The common flags may stand before the command too."""
    show_help(context)


def run(argv: Sequence[str] | None = None) -> int:
    """Parse and run one command; its exit code. Wrong usage is one line and 2."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        return build()(arguments, prog_name="sluice", standalone_mode=False) or 0
    except typer.TyperException as error:
        message = " ".join(error.format_message().split())
        Console(as_json="--json" in arguments).error(f"{message} (see: sluice --help)", 2)
        return 2
    except typer.Abort:
        return 1
