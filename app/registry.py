"""Plug-in folders: `__init__.py` is the contract, every other file is one implementation.

A plug-in's name is its file's name, and the file exports one object under the folder's constant,
for example `SOURCE` in `app/sources/csv_file.py`.
"""

import importlib
import pkgutil
from types import ModuleType
from typing import Any

from app.errors import UnknownName


def names(package: str) -> list[str]:
    """The plug-ins of a folder, sorted; found without importing any of them."""
    found = pkgutil.iter_modules(importlib.import_module(package).__path__)
    return sorted(module.name for module in found if not module.name.startswith("_"))


def load(package: str, name: str, constant: str) -> Any:
    """The object that `package.name` exports as `constant`.

    Raises UnknownName with the nearest name when there is no such file.
    """
    known = names(package)
    if name not in known:
        raise UnknownName(package.rpartition(".")[2].rstrip("s"), name, known)
    return _export(importlib.import_module(f"{package}.{name}"), constant)


def load_all(package: str, constant: str) -> dict[str, Any]:
    """Every plug-in of a folder by name, sorted by name."""
    return {name: load(package, name, constant) for name in names(package)}


def _export(module: ModuleType, constant: str) -> Any:
    if not hasattr(module, constant):
        raise TypeError(f"{module.__name__} must export {constant}: see its folder's __init__.py")
    return getattr(module, constant)
