"""The command line: parse, call, print. One file per command group."""

from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    from app.cli.program import run

    return run(argv)
