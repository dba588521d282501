"""Worker processes for a run that no fleet covers.

They are started detached: they survive the command that started them, take the run to its export,
and end by themselves when no run is active.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from app.errors import SluiceError
from app.pipeline.graph import Graph
from app.settings import Settings

RESTARTS_MAX = 3
_LOG_SIZE_MAX = 10 * 1024 * 1024  # bytes; a longer log is set aside when the next worker starts
_WRONG_SETTING = 2
"""The exit code of a worker that would end the same way again."""
_ROOT = Path(__file__).resolve().parents[1]


def fleet_groups(graph: Graph) -> list[tuple[str, ...]]:
    """The stages of each process: all of them, so that any one that survives finishes the run.
    As many processes as there are processors, two at least and four at most."""
    stages = tuple(stage.name for stage in graph)
    return [stages] * min(max(os.cpu_count() or 1, 2), 4)


def environment(settings: Settings, given: Mapping[str, str]) -> dict[str, str]:
    """The environment that gives a child process these settings, wherever they came from."""
    kept = {name: value for name, value in given.items() if not name.startswith("SLUICE_")}
    for name in sorted(settings.model_fields_set):
        kept[f"SLUICE_{name.upper()}"] = _as_text(getattr(settings, name))
    path = [str(_ROOT), *filter(None, [kept.get("PYTHONPATH")])]
    return kept | {"PYTHONPATH": os.pathsep.join(path)}


def _as_text(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, Path):
        return str(value.absolute())
    return json.dumps(value) if isinstance(value, tuple) else str(value)


@dataclass(slots=True)
class _Process:
    stages: tuple[str, ...]
    log: Path
    child: "subprocess.Popen[bytes]"
    restarts: int = 0


@dataclass(slots=True)
class Fleet:
    """The processes of one command; each is started again when it dies, RESTARTS_MAX times."""

    settings: Settings
    _processes: list[_Process] = field(default_factory=list)

    @property
    def groups(self) -> list[tuple[str, ...]]:
        """The stages of each process."""
        return [process.stages for process in self._processes]

    def start(self, groups: Iterable[tuple[str, ...]]) -> None:
        """One process for each group of stages."""
        folder = self.settings.data_dir.absolute() / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        for stages in groups:
            log = folder / f"worker-{len(self._processes) + 1}.log"
            self._processes.append(_Process(stages, log, self._spawn(stages, log)))

    def tend(self) -> list[str]:
        """Start again what has died; a sentence each. Raises SluiceError when one keeps dying."""
        said = []
        for process in self._processes:
            code = process.child.poll()
            if code is None:
                continue
            names = ", ".join(process.stages)
            if process.restarts >= RESTARTS_MAX or code == _WRONG_SETTING:
                raise SluiceError(
                    f"the worker for {names} ended with exit code {code}"
                    f" {process.restarts + 1} time(s); {process.log} ends: {_tail(process.log)}"
                )
            process.restarts += 1
            process.child = self._spawn(process.stages, process.log)
            said.append(
                f"the worker for {names} ended with exit code {code}: started again"
                f" ({process.restarts} of {RESTARTS_MAX}); see {process.log}"
            )
        return said

    def leave(self) -> None:
        """Let the processes go on alone. A thread waits for the end of each, so that a program
        that lives on keeps no dead child."""
        for process in self._processes:
            threading.Thread(target=process.child.wait, daemon=True).start()

    def _spawn(self, stages: tuple[str, ...], log: Path) -> "subprocess.Popen[bytes]":
        if log.exists() and log.stat().st_size > _LOG_SIZE_MAX:
            log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as output:
            return subprocess.Popen(  # noqa: S603
                self._command(stages),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=environment(self.settings, os.environ),
                start_new_session=True,
            )

    def _command(self, stages: tuple[str, ...]) -> list[str]:
        # -P: a folder `workers` where the command is typed must not be imported
        return [sys.executable, "-P", "-m", "workers", *stages, "--until-idle"]


def _tail(log: Path, lines: int = 5) -> str:
    """The last lines of a log, on one line."""
    with log.open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(file.tell() - 4096, 0))
        text = file.read().decode(errors="replace")
    return " | ".join(text.splitlines()[-lines:])
