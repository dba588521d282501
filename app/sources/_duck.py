"""An Overture file opened with DuckDB, which can then read that file and nothing else."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from app.errors import ConfigError, InputError
from app.sources._expansion import check_expansion
from app.sources._found import cell
from app.sources._table import label, regular_file

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MAX_GEOJSON = 64_000_000
"""Bytes. GeoJSON is parsed whole, which takes some ten times as much memory; Parquet is not."""
_SQL = Path(__file__).with_name("overture.sql")
_STATEMENT = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
_MAGIC = b"PAR1"
_PATTERN = re.compile(r"[*?\[]")
_SETTINGS: Mapping[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "memory_limit": "512MB",
    "threads": 2,
    "temp_directory": "",
}


@contextmanager
def opened(path: Path) -> Iterator[tuple["DuckDBPyConnection", Mapping[str, str]]]:
    """A connection with the view `file` on this file, and the statements of overture.sql.

    DuckDB's errors within become InputError. Raises ConfigError without DuckDB.
    """
    try:
        import duckdb
    except ImportError:
        raise ConfigError("overture needs DuckDB; install sluice-leads[geo]") from None
    kind = _kind(path)
    documents = _documents(path) if kind == "geojson" else None
    parts = _STATEMENT.split(_SQL.read_text(encoding="utf-8"))
    statements = dict(zip(parts[1::2], parts[2::2], strict=True))
    with _plainly_named(path) as plain, duckdb.connect(config=dict(_SETTINGS)) as connection:
        try:
            _lock(connection, plain, documents)
            connection.execute(statements[kind])
            if kind == "parquet":
                check_expansion(path, *connection.execute(statements["unpacked"]).fetchall()[0])
            yield connection, statements
        except duckdb.OutOfMemoryException:
            raise InputError(
                f"{label(path)}: too large for 512 MB; use a smaller extract"
            ) from None
        except duckdb.Error as error:
            reason = cell(str(error).partition("\n")[0].partition(" Input: ")[0])[:200]
            raise InputError(f"{label(path)}: cannot be read as {kind}: {reason}") from None


@contextmanager
def _plainly_named(path: Path) -> Iterator[str]:
    """A path to the same file that DuckDB cannot take for a pattern."""
    if not _PATTERN.search(str(path.absolute())):
        yield str(path.absolute())
        return
    with TemporaryDirectory(prefix="sluice-") as folder:
        link = Path(folder, "file")
        link.symlink_to(path.absolute())
        yield str(link)


def _lock(connection: "DuckDBPyConnection", path: str, documents: list[str] | None) -> None:
    """No file but this one, no network, and no way back."""
    connection.execute("SET allowed_paths = $paths", {"paths": [path]})
    connection.execute("SET VARIABLE path = $path", {"path": path})
    if documents is not None:
        connection.execute("SET VARIABLE documents = $documents", {"documents": documents})
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _documents(path: Path) -> list[str]:
    """One FeatureCollection, or a Feature per line. Raises InputError."""
    if path.stat().st_size > MAX_GEOJSON:
        raise InputError(f"{label(path)}: GeoJSON over 64 MB; convert it to Parquet")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{label(path)}: is not valid UTF-8") from None
    lines = [line for line in text.replace("\x1e", "").splitlines() if line.strip()]
    one_per_line = len(lines) > 1 and all(line.rstrip().endswith("}") for line in lines[:2])
    return lines if one_per_line else [text]


def _kind(path: Path) -> str:
    """parquet or geojson, by the first and last bytes. Raises InputError."""
    try:
        with regular_file(path).open("rb") as file:
            start = file.read(64)
            size = file.seek(0, 2)
            file.seek(max(size - len(_MAGIC), 0))
            end = file.read()
    except OSError as error:
        raise InputError(f"{label(path)}: cannot be read: {error.strerror}") from None
    if start.startswith(_MAGIC):
        if end != _MAGIC or size <= 2 * len(_MAGIC):
            raise InputError(f"{label(path)}: the Parquet file is cut off; fetch it again")
        return "parquet"
    if start.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n\x1e").startswith(b"{"):
        return "geojson"
    raise InputError(f"{label(path)}: is neither Parquet nor GeoJSON")
