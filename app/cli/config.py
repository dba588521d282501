"""`sluice config`: every setting, its value, and where the value comes from."""

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from app.cli.command import Call, command
from app.cli.console import table

if TYPE_CHECKING:
    from app.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    command(app)(config)


async def config(call: Call) -> None:
    """Print each setting and where its value is from.

    Secrets are masked.
    """
    settings = call.settings
    in_file = tomllib.loads(_toml_text())
    listed = [
        {
            "setting": name,
            "value": show(settings, name),
            "from": origin(name, call.flags, in_file, os.environ),
            "description": field.description,
        }
        for name, field in type(settings).model_fields.items()
    ]
    header = ("setting", "value", "from", "description")
    rows: list[tuple[object, ...]] = [tuple(each[name] for name in header) for each in listed]
    call.console.answer({"settings": listed}, table(rows, header))


def _toml_text() -> str:
    path = Path("sluice.toml")
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def show(settings: "Settings", name: str) -> str:
    """The value as a person may see it."""
    from pydantic import SecretStr

    from app.log import mask

    value = getattr(settings, name)
    if not isinstance(value, SecretStr):
        return ", ".join(value) if isinstance(value, tuple) else str(value)
    secret = value.get_secret_value()
    if name == "database_url":
        return mask(secret)
    return "***" if secret else ""


def origin(
    name: str, flags: dict[str, object], in_file: dict[str, object], given: "os._Environ[str]"
) -> str:
    """flag, the environment variable, sluice.toml, or default."""
    if name in flags:
        return "flag"
    wanted = {f"SLUICE_{name}".upper()} | ({"DATABASE_URL"} if name == "database_url" else set())
    for variable in sorted(given, reverse=True):
        if variable.upper() in wanted:
            return variable
    if name in in_file:
        return "sluice.toml"
    if name == "database_url" and (given.get("PGHOST") or given.get("PGSERVICE")):
        return "PG*"
    return "default"
