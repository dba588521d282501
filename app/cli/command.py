"""The one wrapper around every command: common flags, the event loop, errors to exit codes."""

import asyncio
import functools
import inspect
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO, cast

import typer

from app.cli.console import Console
from app.errors import SluiceError

if TYPE_CHECKING:
    from app.settings import Settings

INTERRUPTED = 130
TERMINATED = 143

COMMON: dict[str, Any] = {
    "as_json": Annotated[bool | None, typer.Option("--json", help="One JSON object on stdout.")],
    "log_level": Annotated[
        str | None, typer.Option(help="debug, info, warning or error; logs on stderr.")
    ],
    "data_dir": Annotated[Path | None, typer.Option(help="The setting data_dir.")],
    "database_url": Annotated[str | None, typer.Option(help="The setting database_url.")],
}


@dataclass(slots=True)
class Call:
    """What every command gets. `flags` are settings given on the command line, `given` the own
    options of the command there, by parameter, as they are written; `run_id` is the run that goes
    on when the command is interrupted, in a `session` to the end of its stage."""

    console: Console
    flags: dict[str, object]
    given: dict[str, str]
    run_id: str = ""
    session: bool = False
    log_file: Path | None = None
    _settings: "Settings | None" = None

    @property
    def settings(self) -> "Settings":
        """Flags over environment over sluice.toml over defaults. Raises ConfigError."""
        if self._settings is None:
            from app.settings import load_settings

            self._settings = load_settings(self.flags)
        return self._settings

    def fail(self, text: str, exit_code: int) -> int:
        """Say why it did not work; the exit code."""
        self.console.error(text, exit_code, self.run_id)
        return exit_code


Body = Callable[..., Awaitable[int | None]]


def command(app: typer.Typer, name: str | None = None) -> Callable[[Body], Body]:
    """Register `async def body(call, ...)` as a command; the common flags stand behind its own.

    A parameter that is a dataclass stands for one option per field. The body returns its exit
    code, None for 0.
    """

    def register(body: Body) -> Body:
        own = list(inspect.signature(body).parameters.values())[1:]
        groups: dict[str, Any] = {
            each.name: each.annotation for each in own if is_dataclass(each.annotation)
        }

        @functools.wraps(body)
        def run(context: typer.Context, **given: Any) -> int:
            before = context.find_root().params
            behind = {name: given.pop(name) for name in COMMON}
            flags = {
                name: before[name] if behind[name] is None else behind[name] for name in COMMON
            }
            console = Console(as_json=bool(flags.pop("as_json")))
            flags = {name: flag for name, flag in flags.items() if flag is not None}
            call = Call(console, flags, _given(context))
            for name, group in groups.items():
                given[name] = group(**{each.name: given.pop(each.name) for each in fields(group)})
            return perform(call, lambda: body(call, **given))

        accept_common(run, [option for each in own for option in _options(each)])
        app.command(name)(run)
        return body

    return register


def _options(parameter: inspect.Parameter) -> list[inspect.Parameter]:
    kind = parameter.annotation
    if not is_dataclass(kind):
        return [parameter]
    return [
        parameter.replace(name=each.name, default=each.default, annotation=each.type)
        for each in fields(kind)
    ]


def _given(context: typer.Context) -> dict[str, str]:
    """What stands on the command line of this command, by parameter."""
    return {
        each.name: each.opts[0]
        for each in context.command.params
        if each.name and str(context.get_parameter_source(each.name)).endswith("COMMANDLINE")
    }


def accept_common(function: Any, own: Sequence[inspect.Parameter] = ()) -> None:
    """Show Typer a context, the parameters `own`, then the common flags."""
    keyword = inspect.Parameter.KEYWORD_ONLY
    first = inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD,
                              annotation=typer.Context)  # fmt: skip
    common = [
        inspect.Parameter(name, keyword, default=None, annotation=kind)
        for name, kind in COMMON.items()
    ]
    parameters = [first, *(each.replace(kind=keyword) for each in own), *common]
    function.__signature__ = inspect.Signature(parameters)
    function.__annotations__ = {each.name: each.annotation for each in parameters}


def show_help(context: typer.Context) -> None:
    """What a group does without a command."""
    if context.invoked_subcommand is None:
        print(context.get_help())  # noqa: T201


def perform(call: Call, body: Callable[[], Awaitable[int | None]]) -> int:
    """Run the body to its exit code; whatever goes wrong becomes one line."""
    try:
        _configure_log(call)
        return asyncio.run(_until_signal(body())) or 0
    except SluiceError as error:
        return call.fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        return call.fail(_parting(call, "interrupted"), INTERRUPTED)
    except asyncio.CancelledError:
        return call.fail(_parting(call, "terminated"), TERMINATED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on
        return 0
    except Exception as error:
        return _unexpected(call, error)


async def _until_signal(body: Awaitable[int | None]) -> int | None:
    """SIGTERM ends a command as Ctrl-C does; a worker puts its own handler in place."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await body


def _configure_log(call: Call) -> None:
    """To stderr when a level was asked for, else to a file beside the workers' logs."""
    logging.getLogger("asyncpg").addHandler(logging.NullHandler())  # an outage is said once, by us
    if "log_level" in call.flags:
        log_to_stderr(call)
        return
    from app.log import configure_log

    call.log_file = call.settings.data_dir / "logs" / "sluice.log"
    configure_log(call.settings.log_level, "json", cast("TextIO", _LogFile(call.log_file)))


def log_to_stderr(call: Call) -> None:
    """Log where the operator of a worker looks."""
    from app.log import configure_log

    call.log_file = None
    configure_log(call.settings.log_level, call.settings.log_format)


class _LogFile:
    """A log file that is made when the first line comes; stderr when it cannot be."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, text: str) -> int:
        """Append."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                return file.write(text)
        except OSError:
            return sys.stderr.write(text)

    def flush(self) -> None:
        """Every line is written through."""

    def isatty(self) -> bool:
        """No."""
        return False


def _unexpected(call: Call, error: Exception) -> int:
    """A database that refuses is 5; anything else is ours: the traceback goes to the log."""
    text, code = f"{type(error).__name__}: {error}".splitlines()[0], 1
    if type(error).__module__.startswith("asyncpg") or isinstance(
        error, ConnectionError | TimeoutError
    ):
        text, code = f"the database refused or went away: {text}; see: sluice doctor", 5
    else:
        text = f"unexpected error: {text}"
    with suppress(Exception):
        from app.log import get_log

        get_log("cli").error("command_failed", exc_info=error)
        text += f"; traceback in {call.log_file}" if call.log_file else ""
    return call.fail(text, code)


def _parting(call: Call, what: str) -> str:
    short = call.run_id[:8]
    if call.session:
        return f"{what}; the session waits: sluice resume {short} -i"
    goes_on = f"; run {short} continues: sluice watch {short} (or: sluice resume {short})"
    return what + (goes_on if short else "")
