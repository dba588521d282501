"""What the files of a stored site cannot say by themselves: one JSON file per host.

    {"fetched_at": "2026-01-31T12:00:00+00:00",
     "/gone.html": {"status": 404},
     "/old": {"status": 301, "location": "/new"},
     "https://www.firm.example/about": {"file": "about.html", "content_type": "text/html"},
     "https://www.firm.example/slow": {"error": "unreachable", "cause": "timeout"}}

A key is a path (with its query, for any scheme) or a whole address, which comes first.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.errors import BadResponse, InputError, Refused, RequestError, Unreachable

NAME = ".sluice-replay.json"

_ERRORS: dict[str, type[RequestError]] = {
    "unreachable": Unreachable,
    "refused": Refused,
    "bad_response": BadResponse,
}


@dataclass(frozen=True, slots=True)
class Sidecar:
    """The entries of one host."""

    entries: dict[str, Any]

    def entry(self, url: str) -> dict[str, Any]:
        """What is noted about an address; empty for nothing."""
        parts = urlsplit(url)
        path = parts.path or "/"
        for key in (url, f"{path}?{parts.query}" if parts.query else path, path):
            found = self.entries.get(key)
            if isinstance(found, dict):
                return found
        return {}

    def fetched_at(self, entry: dict[str, Any]) -> datetime | None:
        """When the address was fetched, as noted for it or for the host; None where nothing is."""
        text = entry.get("fetched_at") or self.entries.get("fetched_at")
        if not isinstance(text, str):
            return None
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def read_sidecar(folder: Path) -> Sidecar:
    """The sidecar of a host's folder. Raises InputError where the file is damaged."""
    path = folder / NAME
    if not path.is_file():
        return Sidecar({})
    try:
        sidecar = Sidecar(_object(json.loads(path.read_text("utf-8"))))
        for entry in ({}, *filter(_is_object, sidecar.entries.values())):
            sidecar.fetched_at(entry)
    except (ValueError, TypeError, RecursionError) as error:
        raise InputError(f"{path} cannot be read: {error}; mend or remove it") from error
    return sidecar


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("the top is no object")
    return value


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def raise_noted(entry: dict[str, Any], url: str) -> None:
    """Raises the error that was met when this was recorded, if one was."""
    kind = _ERRORS.get(str(entry.get("error", "")))
    if kind is None:
        return
    cause, message = str(entry.get("cause", "")), str(entry.get("message", url))
    if kind is Unreachable:
        wait = entry.get("retry_after")
        raise Unreachable(cause, message, float(wait) if isinstance(wait, int | float) else None)
    raise kind(cause, message)


def note_error(error: RequestError) -> dict[str, Any]:
    """The entry for an error; `raise_noted` raises the same again."""
    kind = next(name for name, known in _ERRORS.items() if isinstance(error, known))
    note: dict[str, Any] = {"error": kind, "cause": error.cause, "message": str(error)}
    if isinstance(error, Unreachable) and error.retry_after is not None:
        note["retry_after"] = error.retry_after
    return note
