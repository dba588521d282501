"""structlog: one line per event, with run, stage, item and worker where they are known."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

_PASSWORD_IN_URL = re.compile(r"(?<=://)([^/@\s:]*):[^/@\s]*@")


def configure_log(level: str = "info", style: str = "auto", stream: TextIO | None = None) -> None:
    """Send log lines to `stream` (standard error). `style` is console, json, or auto."""
    out = stream or sys.stderr
    console = style == "console" or (style == "auto" and out.isatty())
    renderer: Any = _console() if console else structlog.processors.JSONRenderer()
    exceptions = [] if console else [structlog.processors.format_exc_info]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *exceptions,
            _mask,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.WriteLoggerFactory(file=out),
        cache_logger_on_first_use=False,
    )


def _console() -> Any:
    """Plain tracebacks: the pretty ones print local variables, and with them secrets."""
    return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)


def get_log(name: str) -> Any:
    """A logger whose lines name where they come from."""
    return structlog.get_logger().bind(source=name)


def mask(text: str) -> str:
    """`text` without the passwords of the addresses in it."""
    return _PASSWORD_IN_URL.sub(r"\1:***@", text)


def _mask(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str) and "://" in value:
            event[key] = mask(value)
    return event
