"""Every error that Sluice raises on purpose, and the exit code that the command line gives it.

    SluiceError                    1
    |- InputError                  2   the person's words are wrong: criteria, flags, files
    |  |- UnknownName              2   names the nearest known one
    |  `- RunNotFound              2
    |- ConfigError                 2   a setting is wrong
    |- RunLed                      3   another orchestrator leads this run
    |- RunPaused                   4   waits for a decision or for budget
    |  `- BudgetExceeded           4   a paid call does not fit; its item goes back uncharged
    |- DatabaseUnavailable         5
    |  `- DatabaseGone             5   nobody waits for it
    |- ExportFailed                6
    |- StageTimeout                7   the run continues
    `- RequestError                -   one request to a site; a handler turns it into an outcome
       |- Unreachable              temporary: DNS, connection, timeout, 5xx, 429
       |  `- HostBusy              the site is being read already; its item goes back uncharged
       |- Refused                  final: robots.txt, private address, forbidden scheme
       `- BadResponse              final: 4xx, redirect loop, no HTML

A message is one line: what is wrong, then what to do.
"""

from collections.abc import Iterable
from difflib import get_close_matches


class SluiceError(Exception):
    """Something that Sluice expected could go wrong."""

    exit_code = 1


class InputError(SluiceError):
    """The input is wrong; nothing was created."""

    exit_code = 2


_NAMED = 30
"""So many known names stand in a message at most."""


class UnknownName(InputError):
    """A name that is not known; the message names the nearest one that is."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        near = get_close_matches(name, names, n=1, cutoff=0.6)
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(names[:_NAMED])}{more}"
        super().__init__(f"unknown {kind} {name!r}: {hint}")


class RunNotFound(InputError):
    """No run, or more than one, has this id; list them with: sluice runs"""


class ConfigError(SluiceError):
    """A setting is wrong; see them with: sluice config"""

    exit_code = 2


class RunLed(SluiceError):
    """Another orchestrator leads this run; look on with: sluice watch RUN"""

    exit_code = 3


class RunPaused(SluiceError):
    """The run waits for a decision."""

    exit_code = 4


class BudgetExceeded(RunPaused):
    """A paid call does not fit into the budget; go on with: sluice budget RUN raise|approve"""


class DatabaseUnavailable(SluiceError):
    """The database cannot be reached; check SLUICE_DATABASE_URL or unset it."""

    exit_code = 5


class DatabaseGone(DatabaseUnavailable):
    """The folder of the built-in database was removed; put it back, or begin a new run."""


class ExportFailed(SluiceError):
    """The files could not be written; the run keeps its records."""

    exit_code = 6


class StageTimeout(SluiceError):
    """A stage took longer than allowed; the run continues."""

    exit_code = 7


class RequestError(SluiceError):
    """One request to a site brought no page. `cause` is a stable word for grouping."""

    temporary = False

    def __init__(self, cause: str, message: str) -> None:
        super().__init__(message)
        self.cause = cause


class Unreachable(RequestError):
    """No answer for now: worth another try later."""

    temporary = True

    def __init__(self, cause: str, message: str, retry_after: float | None = None) -> None:
        super().__init__(cause, message)
        self.retry_after = retry_after


class HostBusy(Unreachable):
    """Enough of this site is being read; later."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__("host_busy", message, seconds)
        self.seconds = seconds


class Refused(RequestError):
    """We may not fetch this: robots.txt, a private address, a scheme other than http(s)."""


class BadResponse(RequestError):
    """The site answered, and the answer is no page."""
