"""`sluice explain`: one company of a run, every value with where it was seen."""

import io
import os
import shutil
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.command import Call, command
from app.cli.opening import look_at_runs
from app.cli.run import RunId

if TYPE_CHECKING:
    from rich.console import Console

    from app.explain import Explanation, Subject

_SCORED = frozenset(("icp_fit", "icp_tier", "icp_confidence"))
_VERDICTS = {"met": "green", "failed": "red", "unknown": "yellow"}
_PIPED_WIDTH = 100


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    command(app)(explain)


async def explain(
    call: Call,
    run_id: RunId,
    domain: Annotated[
        str, typer.Argument(metavar="DOMAIN", help="Domain, address or name of a company.")
    ],
) -> None:
    """Show all that a run knows of a company: evidence, gaps, score, delivery."""
    from app.explain import load_explanation

    async with look_at_runs(call) as engine:
        run = await engine.orchestrator.find(run_id)
        explanation = await load_explanation(engine.database, run, domain)
    call.console.answer(
        {"run": str(run.id)} | explanation.summary(),
        "" if call.console.as_json else draw(explanation),
    )


def draw(explanation: "Explanation") -> str:
    """The explanation as wide as the terminal, in colour where that is one."""
    from rich.console import Console

    terminal = sys.stdout.isatty()
    fallback = (_PIPED_WIDTH, 24)
    console = Console(
        file=io.StringIO(),
        width=max(shutil.get_terminal_size(fallback).columns, 40),
        force_terminal=terminal,
        no_color=not terminal or bool(os.environ.get("NO_COLOR")),
        color_system="standard" if terminal else None,
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
    )
    _head(console, explanation)
    _score(console, explanation.company.row)
    _checks(console, explanation.company.row, 0)
    _merged(console, explanation.merged)
    shown = [each for each in explanation.company.values if each["field"] not in _SCORED]
    _values(console, "values", shown)
    _gaps(console, explanation.company.absences, 0)
    for person in explanation.people:
        _person(console, person, delivered=explanation.delivers(person))
    assert isinstance(console.file, io.StringIO)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())


def _head(console: "Console", explanation: "Explanation") -> None:
    row = explanation.company.row
    _line(console, f"{row['name']}  {row['domain']}".strip(), 0, "bold")
    _line(console, explanation.why, 0, "green" if explanation.delivered else "yellow")
    if checked := row["suppression_checked_at"]:
        _line(console, f"suppression list asked {checked[:19].replace('T', ' ')} UTC", 0, "dim")


def _score(console: "Console", row: dict[str, Any]) -> None:
    """The ICP, rule by rule."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    rules = row["icp_rules"]
    if not rules:
        _line(console, "\nICP: not judged yet" if row["status"] == "open" else "\nICP: not judged")
        return
    points, whole = (sum(rule[name] for rule in rules) for name in ("points", "weight"))
    verdict = f"tier {row['icp_tier']}" if row["icp_fit"] and row["icp_tier"] else "no fit"
    sure = row["icp_confidence"]
    _line(
        console,
        f"\nICP: {verdict}, {points:g} of {whole:g} points, confidence {sure:.2f}",
        0,
        "bold",
    )
    table = Table(box=None, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("rule", "points", "verdict", "sure", "why"):
        table.add_column(name, overflow="fold", no_wrap=name in ("points", "verdict", "sure"))
    for rule in rules:
        table.add_row(
            Text(rule["rule"]),
            f"{rule['points']:g}/{rule['weight']:g}",
            Text(rule["verdict"], _VERDICTS.get(rule["verdict"], "")),
            f"{rule['confidence']:.2f}",
            Text(_clean(rule["why"])),
        )
    console.print(Padding(table, (0, 0, 0, 2)))


def _person(console: "Console", person: "Subject", *, delivered: bool) -> None:
    row = person.row
    title = f", {row['title']}" if row["title"] else ""
    place = "" if delivered else "  (not in the contacts file)"
    _line(console, f"\n{row['position']}. {row['full_name']}{title}{place}", 0, "bold")
    _checks(console, row, 2)
    _values(console, "", person.values)
    _gaps(console, person.absences, 2)


def _checks(console: "Console", row: dict[str, Any], indent: int) -> None:
    """The verdict of the checks, and each reason with the check that gave it."""
    if row["verdict"]:
        style = "bold" if row["verdict"] == "valid" else "yellow"
        _line(console, f"{'' if indent else chr(10)}checks: {row['verdict']}", indent, style)
    for each in row["reasons"]:
        _line(console, f"{each['check']}: {each['verdict']}: {_clean(each['reason'])}", indent + 2)


def _merged(console: "Console", merged: Iterable[dict[str, Any]]) -> None:
    """Rows that are this company, with what spoke for it and against."""
    listed = list(merged)
    if listed:
        _line(console, "\nrows that are this company too", 0, "bold")
    for each in listed:
        _line(console, f"{each['name']}  {each['source_ref']}", 2, "cyan")
        same = ", ".join(f"{rule['why']} ({rule['rule']})" for rule in each["same"])
        _line(console, f"one company by {same}; confidence {each['confidence']:.2f}", 6)
        if each["other"]:
            other = ", ".join(f"{rule['why']} ({rule['rule']})" for rule in each["other"])
            _line(console, f"although {other}; the values of the company are kept", 6, "yellow")


def _values(console: "Console", head: str, values: Iterable[dict[str, Any]]) -> None:
    if head:
        _line(console, f"\n{head}", 0, "bold")
    for value in values:
        shown = value["value"]
        text = "; ".join(map(str, shown)) if isinstance(shown, list) else str(shown)
        _line(console, f"{value['field']}: {text}", 2, "cyan")
        for fact in value["evidence"]:
            other = "" if fact["value"] in (text, str(shown)) else f"{fact['value']}: "
            _line(console, f'{other}"{fact["quote"]}"', 6)
            seen = fact["seen_at"][:16].replace("T", " ")
            _line(
                console,
                f"{fact['source_url']}  seen {seen} UTC, {fact['method']}, rule {fact['rule']},"
                f" confidence {fact['confidence']:.2f}",
                6,
                "dim",
            )
        if not value["evidence"]:
            _line(console, "without evidence: it stays out of the files", 6, "yellow")


def _gaps(console: "Console", absences: Iterable[dict[str, Any]], indent: int) -> None:
    listed = list(absences)
    if listed:
        _line(console, "\nempty" if not indent else "empty", indent, "bold")
    for gap in listed:
        _line(console, f"{gap['field']}: {gap['kind']}: {gap['detail']}", indent + 2)


def _line(console: "Console", text: str, indent: int = 0, style: str = "") -> None:
    """Text that goes on below its own beginning where the line ends."""
    from rich.padding import Padding
    from rich.text import Text

    blank = "\n" if text.startswith("\n") else ""
    body = Text(_clean(text.strip()), style, overflow="fold")
    console.print(blank, end="")
    console.print(Padding(body, (0, 0, 0, indent)))


def _clean(text: str) -> str:
    """Words of a site, on one line and without what a terminal would obey."""
    return "".join(char if char.isprintable() else " " for char in text)
