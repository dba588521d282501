"""Sluice: criteria in, a researched, checked, evidenced lead list out.

from app import execute_full_pipeline, get_run_progress
from app import StageContext, retry_failed_stage, run_stage, run_stage_by_name, run_stage_sequence
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_WAY_IN = {
    "execute_full_pipeline": "app.api",
    "get_run_progress": "app.api",
    "StageContext": "app.by_hand",
    "StageResult": "app.by_hand",
    "run_stage": "app.by_hand",
    "run_stage_by_name": "app.by_hand",
    "run_stage_sequence": "app.by_hand",
    "retry_failed_stage": "app.by_hand",
}


def __getattr__(name: str) -> Any:
    """The programmatic way in, imported when first asked for: `app` stays light."""
    if name not in _WAY_IN:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_WAY_IN[name]), name)
