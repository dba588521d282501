"""The manifest of an export: run, snapshot, each file with its rows and SHA-256, attribution.

jq -r '.files[] | .sha256 + "  " + .name' manifest_*.json | sha256sum --check
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from app.packagers import Artifact

KIND = "manifest"
MAX_BYTES = 1_000_000


def manifest(about: Mapping[str, object], files: Iterable[Artifact]) -> bytes:
    """The JSON text. `about`: what is said beside the files."""
    entries = [
        {"name": each.path.name, "kind": each.kind, "rows": each.rows, "sha256": each.sha256}
        for each in files
    ]
    text = json.dumps({**about, "files": entries}, indent=2, ensure_ascii=False)
    return f"{text}\n".encode(errors="replace")


def listed(path: Path) -> dict[str, str]:
    """Name -> SHA-256 of the files that a manifest names; none where it is no whole manifest."""
    try:
        with path.open("rb") as file:
            said = json.loads(file.read(MAX_BYTES))
        files = {str(each["name"]): str(each["sha256"]) for each in said["files"]}
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return {}
    return {name: digest for name, digest in files.items() if Path(name).name == name}
