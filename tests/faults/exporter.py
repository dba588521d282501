"""An export that meets its fault at the nth thing it asks of the file system. Run as `python -m`.

`EXPORT_STEPS` ("0", or "1 2 3 ..."), `EXPORT_FAULT` (kill, ENOSPC, EIO, none), `EXPORT_FOLDER`,
`EXPORT_SECOND` (names the files: the same second is the same snapshot). Each step is a process of
its own, forked here, that exports into EXPORT_FOLDER/<step>; a line of JSON says how it ended, and
what it asked for by then.
"""

import asyncio
import errno
import json
import os
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.errors import ExportFailed
from app.packagers.csv import PACKAGER

_CALLS = ("open", "mkdir", "link", "replace", "unlink", "fsync")


@dataclass
class Few:
    """A snapshot of some records."""

    created_at: datetime
    run_short_id: str = "0badcafe"
    about: Mapping[str, object] = field(default_factory=lambda: {"run": "0badcafe"})

    async def companies(self) -> AsyncIterator[Mapping[str, object]]:
        for number in range(700):
            yield {"company_name": f"Firm {number}", "created_at": self.created_at}

    async def contacts(self) -> AsyncIterator[Mapping[str, object]]:
        for number in range(30):
            yield {"full_name": f"Person {number}"}


class NthCall:
    """Counts what is asked of files below a folder, and does its worst at number `step`."""

    def __init__(self, folder: Path, step: int, fault: str) -> None:
        self.asked: list[str] = []
        self._folder = str(folder)
        self._step = step
        self._fault = fault

    def install(self) -> None:
        """From now on."""
        for name in _CALLS:
            setattr(os, name, self._counted(name, getattr(os, name)))
        fdopen = os.fdopen
        os.fdopen = lambda *given: _Written(fdopen(*given), self)  # type: ignore[assignment]

    def meet(self, name: str, before: Callable[[], object] = lambda: None) -> None:
        """One call; `before` is what it has done when it fails."""
        self.asked.append(name)
        if len(self.asked) != self._step or self._fault == "none":
            return
        before()
        if self._fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        number = getattr(errno, self._fault)
        raise OSError(number, os.strerror(number))

    def _counted(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **options: Any) -> Any:
            if name == "fsync" or str(given[0]).startswith(self._folder):
                self.meet(name)
            return real(*given, **options)

        return call


class _Written:
    """A file that is half written when it fails."""

    def __init__(self, file: Any, calls: NthCall) -> None:
        self._file = file
        self._calls = calls

    def write(self, data: bytes) -> int:
        self._calls.meet("write", lambda: self._file.write(data[: len(data) // 2]))
        written: int = self._file.write(data)
        return written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def export(folder: Path, calls: NthCall, second: int) -> dict[str, Any]:
    """What became of it."""
    snapshot = Few(datetime(2026, 1, 2, 3, 4, second, tzinfo=UTC))
    calls.install()
    try:
        asyncio.run(PACKAGER(snapshot, folder, with_evidence=False))
    except ExportFailed as error:
        return {"ended": "failed", "reason": str(error), "asked": calls.asked}
    return {"ended": "done", "asked": calls.asked}


def main() -> None:
    """All steps, one after the other."""
    folder, fault = Path(os.environ["EXPORT_FOLDER"]), os.environ["EXPORT_FAULT"]
    for step in map(int, os.environ["EXPORT_STEPS"].split()):
        child = os.fork()
        if child == 0:
            calls = NthCall(folder / str(step), step, fault)
            said = export(folder / str(step), calls, int(os.environ["EXPORT_SECOND"]))
            os.write(1, json.dumps({"step": step, **said}).encode() + b"\n")
            os._exit(0)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL:
            os.write(1, json.dumps({"step": step, "ended": "killed"}).encode() + b"\n")


if __name__ == "__main__":
    main()
