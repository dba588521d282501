"""Sluice: criteria in, a researched, checked, evidenced lead list out.

from app import execute_full_pipeline, get_run_progress
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_WAY_IN = ("execute_full_pipeline", "get_run_progress")


def __getattr__(name: str) -> Any:
    """The programmatic way in (app/api.py), imported when first asked for: `app` stays light."""
    if name not in _WAY_IN:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("app.api"), name)
