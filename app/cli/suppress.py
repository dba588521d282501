"""`sluice suppress`: who is to be left alone. Only keyed digests are stored, never the values."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.command import Call, command, show_help
from app.cli.console import table
from app.cli.opening import look_at_runs
from app.errors import InputError

if TYPE_CHECKING:
    from app.pipeline.suppression import Mark

Values = Annotated[
    list[str], typer.Argument(metavar="VALUE...", help="E-mail addresses, domains, phone numbers.")
]
Reason = Annotated[str, typer.Option(help="Why; shown in the list.")]
Country = Annotated[str, typer.Option(help="Of phone numbers without a country code.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    group = typer.Typer(rich_markup_mode=None, invoke_without_command=True)
    group.callback(help="Keep the list of who is to be left alone.")(show_help)
    app.add_typer(group, name="suppress")
    command(group)(add)
    command(group, "import")(import_)
    command(group)(check)
    command(group, "list")(list_)
    command(group)(remove)


async def add(call: Call, values: Values, reason: Reason = "", country: Country = "US") -> None:
    """Leave these alone.

    A domain stands for all below it and for every address there.
    """
    await _add(call, [_mark(value, country) for value in values], reason)


async def import_(
    call: Call,
    file: Annotated[Path, typer.Argument(help="One value a line, or a CSV with a header.")],
    reason: Reason = "",
    country: Country = "US",
) -> None:
    """Leave alone what a file lists.

    Of a CSV, its columns email, domain, website and phone. Nothing is added if a line is wrong.
    """
    marks = list(_marks_in(file, country))
    if not marks:
        raise InputError(f"{file} lists nothing")
    await _add(call, marks, reason or f"from {file.name}")


async def check(call: Call, value: str, country: Country = "US") -> None:
    """Say whether a value is on the list, by itself or by its domain."""
    from app.db import suppressions
    from app.pipeline.suppression import covering

    mark = _mark(value, country)
    async with look_at_runs(call) as engine:
        lookup = await suppressions.open_list(engine.database)
        hits = await suppressions.find(engine.database, lookup, covering(mark))
    found = [
        {"by": by.kind, "since": hit.created_at.isoformat(), "reason": hit.reason}
        for by, hit in hits.items()
    ]
    lines = [
        f"{value} is suppressed by its {each['by']} since {each['since'][:10]}"
        + (f": {each['reason']}" if each["reason"] else "")
        for each in found
    ]
    call.console.answer(
        {"suppressed": bool(found), "kind": mark.kind, "entries": found},
        "\n".join(lines) or f"{value} is not suppressed",
    )


async def list_(call: Call) -> None:
    """Count what is on the list, by day, kind and reason. The values are not stored."""
    from app.db.queries import query

    async with look_at_runs(call) as engine:
        rows = await engine.database.fetch(query("suppressions.list"))
    entries = [dict(row) | {"day": row["day"].isoformat()} for row in rows]
    total = sum(row["count"] for row in rows)
    shown: list[tuple[object, ...]] = [
        (each["day"], each["kind"], each["count"], each["reason"]) for each in entries
    ]
    text = table(shown, ("day", "kind", "count", "reason"))
    call.console.answer(
        {"total": total, "entries": entries}, f"{text}\n{total} in all" if rows else "empty"
    )


async def remove(call: Call, values: Values, country: Country = "US") -> None:
    """Take values off the list."""
    from app.db import suppressions

    marks = [_mark(value, country) for value in values]
    async with look_at_runs(call) as engine:
        removed = await suppressions.remove(engine.database, marks)
    call.console.answer(
        {"removed": removed}, f"{removed} removed, {len(marks) - removed} were not on the list"
    )


async def _add(call: Call, marks: "list[Mark]", reason: str) -> None:
    from app.db import suppressions

    async with look_at_runs(call) as engine, engine.database.transaction() as connection:
        added = await suppressions.add(connection, marks, reason)
    known = len(set(marks)) - added
    call.console.answer(
        {"added": added, "known": known}, f"{added} added, {known} were on the list already"
    )


def _mark(value: str, country: str) -> "Mark":
    from app.pipeline.suppression import mark_of
    from app.records.criteria import country_code

    region = country_code(country)
    if not region:
        raise InputError(f"country {country!r} is not known; write it as US or Germany")
    return mark_of(value, region)


_COLUMNS = frozenset({"email", "e-mail", "mail", "domain", "website", "phone", "telephone"})


def _marks_in(file: Path, country: str) -> "Iterator[Mark]":
    """The marks of a list or CSV. Raises InputError with the line."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            columns: list[int] = []
            reader = csv.reader(lines)
            for row in reader:
                if not columns:
                    columns = [n for n, cell in enumerate(row) if cell.strip().lower() in _COLUMNS]
                    if columns:
                        continue
                    columns = [0]
                for cell in (row[n].strip() for n in columns if n < len(row)):
                    if cell and not cell.startswith("#"):
                        yield _mark(cell, country)
    except InputError as error:
        raise InputError(f"{file} line {reader.line_num}: {error}; nothing was added") from None
    except OSError as error:
        raise InputError(f"{file}: {error.strerror or error}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{file} is no UTF-8 text list: {error}") from None
