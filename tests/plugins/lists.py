"""What csv_file makes of a list."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.errors import InputError
from app.pipeline.outcomes import Found
from app.records.company import Company
from app.records.criteria import Criteria
from app.sources.csv_file import SOURCE

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
Write = Callable[..., Path]
Map = dict[str, str] | None


async def found(path: Path, mapped: Map = None, **asked: Any) -> list[Found]:
    source = SOURCE.open(str(path), mapped or {})
    await source.check(Criteria())
    return list((await source.batch(Criteria(**asked), 0, 1000, NOW)).found)


async def companies(path: Path, mapped: Map = None, **asked: Any) -> list[Company]:
    return [each.company for each in await found(path, mapped, **asked)]


async def refused(path: Path, mapped: Map = None) -> str:
    with pytest.raises(InputError) as caught:
        await SOURCE.open(str(path), mapped or {}).check(Criteria())
    assert str(caught.value).isprintable()
    return str(caught.value)
