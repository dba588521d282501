"""What stands after `--source NAME:`: a file or the address of a service, with options.

    PATH                     PATH?country=FI&city=Helsinki        https://service.example/api

Options follow the last "?" of a file's path; a "?" that no `word=` follows belongs to the name.
"""

import re
from collections.abc import Collection
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote_plus

from app.errors import InputError, UnknownName

_OPTIONS = re.compile(r"\?((?:[a-z_]+=[^?&]*)(?:&[a-z_]+=[^?&]*)*)$")
_URL = re.compile(r"https?://", re.IGNORECASE)


def is_url(path: str) -> bool:
    """Whether this is the address of a service, and no file."""
    return bool(_URL.match(path))


def split_options(path: str, known: Collection[str]) -> tuple[str, MappingProxyType[str, str]]:
    """(the path alone, its options decoded). Raises UnknownName for an option that is not known,
    InputError for one that is given twice or empty."""
    found = _OPTIONS.search(path)
    options: dict[str, str] = {}
    if not found or is_url(path):
        return path, MappingProxyType(options)
    for pair in found[1].split("&"):
        name, _, text = pair.partition("=")
        value = " ".join(unquote_plus(text).split())
        if name not in known:
            raise UnknownName("option", name, known)
        if name in options or not value:
            raise InputError(f"option {name!r} is {'given twice' if name in options else 'empty'}")
        options[name] = value
    return path[: found.start()], MappingProxyType(options)


def without_options(path: str) -> str:
    """The path alone, whatever options follow it."""
    found = None if is_url(path) else _OPTIONS.search(path)
    return path[: found.start()] if found else path


def absolute(path: str) -> str:
    """The path as every process may use it; addresses and options stay as they are."""
    return path if is_url(path) or not path else str(Path(path).expanduser().absolute())
