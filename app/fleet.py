"""Worker processes that somebody looks after: started, started again when they die, ended.

The fleet of `sluice up` is attached: its processes take nothing more when it ends, however it ends
(their standard input closes), and it never tires of starting them again. The fleet that a command
starts for a run that no worker serves is detached: its processes survive the command, take the run
to its export, and end by themselves when no run is active.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from app.clock import Clock
from app.errors import ConfigError, SluiceError
from app.pipeline.graph import Graph
from app.settings import Settings

RESTARTS_MAX = 5
"""Times in a row that a process of a detached fleet is started again."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds before a process is started again; doubled for each further death in a row."""
HEALTHY = 60.0
"""Seconds of life after which a death is the first in a row."""
_LOG_SIZE_MAX = 10 * 1024 * 1024  # bytes; a longer log is set aside when the next worker starts
_WRONG_SETTING = 2
"""The exit code of a worker that would end the same way again."""
_ENDED_AS_ASKED = (0, -signal.SIGTERM, 128 + signal.SIGTERM)
"""Drained, or not yet far enough to have anything to drain."""
_LOOK = 0.1
_FEW = 4
"""Stages that are named; more are counted."""
_SPARE, _AT_ONCE = 10.0, 3.0
"""Seconds beyond the grace time, and after a second signal, until what is left is killed."""
_STDERR = 2
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
    """One process. `deaths` are those in a row, `due` is when it is started again."""

    stages: tuple[str, ...]
    log: Path | None
    child: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    deaths: int = 0
    due: float = 0.0


class Fleet:
    """Processes that serve groups of stages."""

    def __init__(self, settings: Settings, clock: Clock, *, attached: bool = False) -> None:
        self._settings = settings
        self._clock = clock
        self._attached = attached
        self._processes: list[_Process] = []
        self._lifeline = os.pipe() if attached else (subprocess.DEVNULL, subprocess.DEVNULL)

    @property
    def groups(self) -> list[tuple[str, ...]]:
        """The stages of each process."""
        return [process.stages for process in self._processes]

    @property
    def living(self) -> list["subprocess.Popen[bytes]"]:
        """The processes that have not ended."""
        children = [process.child for process in self._processes if process.child]
        return [child for child in children if child.poll() is None]

    def start(self, groups: Iterable[tuple[str, ...]]) -> list[str]:
        """One process for each group of stages; a sentence each."""
        folder = self._settings.data_dir.absolute() / "logs"
        if not self._attached:
            folder.mkdir(parents=True, exist_ok=True)
        new = []
        for stages in groups:
            log = None if self._attached else folder / f"worker-{len(self._processes) + 1}.log"
            new.append(_Process(stages, log))
            self._processes.append(new[-1])
        return [self._spawn(process) for process in new]

    def tend(self) -> list[str]:
        """What happened since the last call, a sentence each; what died is started again after a
        pause. Raises ConfigError when one ended over a wrong setting, SluiceError when one of a
        detached fleet keeps dying."""
        said = []
        for process in list(self._processes):
            if process.child is None:
                if self._clock.monotonic() >= process.due:
                    said.append(self._spawn(process))
            elif process.child.poll() is not None:
                said.append(self._mourn(process, process.child))
        return said

    def leave(self) -> None:
        """Let the processes go on alone. A thread waits for the end of each, so that a program
        that lives on keeps no dead child."""
        for child in self.living:
            threading.Thread(target=child.wait, daemon=True).start()

    async def serve(
        self,
        groups: Iterable[tuple[str, ...]],
        say: Callable[[str], None],
        *,
        until: "asyncio.Task[None]",
    ) -> bool:
        """Keep these processes until a signal, then drain them; whether all ended as asked. A
        second signal ends them at once. Raises as `tend` and as `until`, after draining."""
        asked, hurry = asyncio.Event(), asyncio.Event()

        def ask() -> None:
            (hurry if asked.is_set() else asked).set()

        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, ask)
        try:
            for sentence in self.start(groups):
                say(sentence)
            while not asked.is_set():
                for sentence in self.tend():
                    say(sentence)
                if until.done():
                    until.result()
                with suppress(TimeoutError):
                    await asyncio.wait_for(asked.wait(), _LOOK)
        finally:
            until.cancel()
            ended = await self._drain(say, hurry)
        return ended

    async def _drain(self, say: Callable[[str], None], hurry: asyncio.Event) -> bool:
        grace, living = self._settings.grace, self.living
        if living:
            say(f"ending: what is at work gets up to {grace:g} seconds; a second signal ends it")
        _send(living, signal.SIGTERM)
        deadline = self._clock.monotonic() + grace + _SPARE
        while self.living and self._clock.monotonic() < deadline:
            with suppress(TimeoutError):
                await asyncio.wait_for(hurry.wait(), _LOOK)
            if hurry.is_set():
                hurry = asyncio.Event()
                _send(self.living, signal.SIGTERM)
                deadline = min(deadline, self._clock.monotonic() + _AT_ONCE)
        _send(self.living, signal.SIGKILL)
        codes = [child.wait() for child in living]
        wrong = [_how(code) for code in codes if code not in _ENDED_AS_ASKED]
        say("; ".join(f"a worker {how}" for how in wrong) or "all workers have ended")
        return not wrong

    def _mourn(self, process: _Process, child: "subprocess.Popen[bytes]") -> str:
        now, code = self._clock.monotonic(), child.returncode
        process.child = None
        if code == 0 and not self._attached:
            self._processes.remove(process)
            return f"worker pid {child.pid} ended as asked"
        said = f"worker pid {child.pid} {_how(code)}"
        process.deaths = 1 if now - process.started > HEALTHY else process.deaths + 1
        log = f"; {process.log} ends: {_tail(process.log)}" if process.log else ""
        if code == _WRONG_SETTING:
            raise ConfigError(f"{said}: it would end so again{log}")
        if not self._attached and process.deaths > RESTARTS_MAX:
            raise SluiceError(f"{said}, {process.deaths} times in a row{log}")
        pause = min(FIRST_PAUSE * 2.0 ** (process.deaths - 1), LONGEST_PAUSE)
        process.due = now + pause
        return f"{said}: again in {pause:g} s" + (f"; see {process.log}" if process.log else "")

    def _spawn(self, process: _Process) -> str:
        process.child = self._open(process.stages, process.log)
        process.started = self._clock.monotonic()
        few = len(process.stages) <= _FEW
        what = ", ".join(process.stages) if few else f"{len(process.stages)} stages"
        return f"worker pid {process.child.pid} serves {what}"

    def _open(self, stages: tuple[str, ...], log: Path | None) -> "subprocess.Popen[bytes]":
        output = _STDERR if log is None else _append_to(log)
        try:
            return subprocess.Popen(  # noqa: S603
                self._command(stages),
                stdin=self._lifeline[0],
                stdout=output,
                stderr=output,
                env=environment(self._settings, os.environ),
                start_new_session=True,
            )
        finally:
            if output != _STDERR:
                os.close(output)

    def _command(self, stages: tuple[str, ...]) -> list[str]:
        # -P: a folder `workers` where the command is typed must not be imported
        until = "--until-eof" if self._attached else "--until-idle"
        return [sys.executable, "-P", "-m", "workers", *stages, until]


def _send(children: Iterable["subprocess.Popen[bytes]"], number: signal.Signals) -> None:
    for child in children:
        child.send_signal(number)


def _how(code: int) -> str:
    """How a process ended."""
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"


def _append_to(log: Path) -> int:
    if log.exists() and log.stat().st_size > _LOG_SIZE_MAX:
        log.replace(log.with_suffix(".log.1"))
    return os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)


def _tail(log: Path, lines: int = 5) -> str:
    """The last lines of a log, on one line."""
    with log.open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(file.tell() - 4096, 0))
        text = file.read().decode(errors="replace")
    return " | ".join(text.splitlines()[-lines:])
