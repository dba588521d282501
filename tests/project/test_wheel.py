"""What is in the tree, and Sluice reads, is in the wheel too."""

from pathlib import Path

import pytest
from setuptools import Distribution
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parents[2]


def test_the_wheel_has_every_file_of_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    # given
    monkeypatch.chdir(ROOT)
    distribution = Distribution({"script_name": "setup.py"})
    distribution.parse_config_files([str(ROOT / "pyproject.toml")])
    build = build_py(distribution)
    build.ensure_finalized()

    # when
    packed = {Path(file) for _, _, file in build.find_all_modules()}
    for _, folder, _, names in build.get_data_files_without_manifest():
        packed |= {Path(folder, name) for name in names}

    # then
    files = {
        path.relative_to(ROOT)
        for folder in ("app", "workers", "sql")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.name != "README.md" and "__pycache__" not in path.parts
    }
    assert len(files) > 500
    assert sorted(files - packed) == []
