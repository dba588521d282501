"""What a run was made with: the same stored pages, rules and sources give the same files."""

import hashlib
from functools import cache
from pathlib import Path

from app import __version__

_APP = Path(__file__).parent
_RULES = ("checks", "crawl", "extractors", "fingerprints", "pipeline", "records", "sources")
_DIGITS = 12
MAX_HASHED = 256 * 1024 * 1024
"""Bytes. A larger source is told by its size and time."""


@cache
def rules_version() -> str:
    """The package's version and a digest of everything that decides what a page says: extractors,
    fingerprints, lexicons, checks, the default ICP."""
    digest = hashlib.sha256()
    folders = [*(_APP / name for name in _RULES), _APP.parent / "workers"]
    files = (file for folder in folders for kind in ("py", "toml", "sql")
             for file in folder.rglob(f"*.{kind}"))  # fmt: skip
    for file in sorted(files):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(_APP.parent).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return f"{__version__}+{digest.hexdigest()[:_DIGITS]}"


def source_version(path: str) -> str:
    """A digest of a source's file; of a large one, or a folder, its size and time; empty where
    there is none (a service)."""
    file = Path(path)
    try:
        found = file.stat()
        if file.is_file() and found.st_size <= MAX_HASHED:
            with file.open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest()[:_DIGITS]
    except (OSError, ValueError):
        return ""
    return f"{found.st_size}-{found.st_mtime_ns}"
