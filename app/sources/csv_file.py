"""The user's own list: a delimited text file with a header.

- Columns are known by their usual names in several languages, or mapped ({"website": "URL"}). Of
  several columns with the same meaning, or the same header twice, the first cell that is not
  empty counts.
- Every row must have as many cells as the header; more are tolerated where they are empty.
- A row needs a name or a website. One without website is kept with an empty domain; a website
  alone gives its domain as the name. Rows with neither are passed over.
- A batch goes on where the last one ended, by its place in the file: reading deep in a long list
  takes no longer, and no more memory, than at its beginning.
- The criteria's place, category and excluded domains filter only where the file says something:
  an empty cell is not a "no". The other criteria are for research to judge.
"""

import asyncio
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import Any

from app.errors import InputError
from app.pipeline.icp import Known, mismatch
from app.pipeline.outcomes import Found
from app.records.company import Company
from app.records.criteria import Criteria, category_fits, category_name, country_code, state_code
from app.sources import Batch, Offset, counted
from app.sources._columns import check_targets, columns_of, field_of
from app.sources._found import cell, found, shortened
from app.sources._network import Network
from app.sources._paths import absolute
from app.sources._table import Record, Table, label, opened
from app.sources._website import website_of

CONFIDENCE = 0.9
_NAME = "csv_file"
_LISTED = Known(researched=False)
_EMPTY_WORDS = frozenset({"-", "--", "n/a", "#n/a", "null", "none", "nan"})
_SEPARATORS = re.compile(r"[;|,>]|\s/\s")

_COMPARED = ("country", "state", "city", "category")
_MOST_COMBINATIONS = 20_000
"""Remembered, so that memory does not grow with the file."""

Columns = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A list at `path`; `targets` says which header holds which field."""

    path: Path
    targets: Mapping[str, str]

    async def check(self, criteria: Criteria) -> None:
        """Read the file once, as far as its last line. Raises InputError with line and reason."""
        await asyncio.to_thread(self._check)

    async def batch(self, criteria: Criteria, offset: Offset, size: int, now: datetime) -> Batch:
        """Companies of the rows from the place `offset` of the file on."""
        return await asyncio.to_thread(self._batch, criteria, offset, size, now)

    async def count(self, criteria: Criteria, most: int, now: datetime) -> tuple[int, bool]:
        """Up to `most` of them, and whether these are all."""
        return await counted(self, criteria, most, now)

    def _check(self) -> None:
        empty, usable = True, False
        with self._opened(0) as (table, columns, width):
            for record in self._rows(table, width):
                empty = False
                usable = usable or _Rows(columns, "", Criteria()).company(record) is not None
        if empty:
            raise InputError(f"{label(self.path)}: has a header and no rows")
        if not usable:
            raise InputError(f"{label(self.path)}: no row holds a company's name or website")

    def _batch(self, criteria: Criteria, offset: Offset, size: int, now: datetime) -> Batch:
        matching: list[Found] = []
        place: Offset = 0
        with self._opened(offset) as (table, columns, width):
            rows = _Rows(columns, label(self.path), criteria)
            for record in self._rows(table, width):
                if place:
                    return Batch(tuple(matching), place, exhausted=False)
                company = rows.company(record)
                if company is None:
                    continue
                matching.append(found(company, shortened(record.cells), CONFIDENCE, now))
                if len(matching) == size:
                    place = table.place
        return Batch(tuple(matching), 0, exhausted=True)

    @contextmanager
    def _opened(self, offset: Offset) -> Iterator[tuple[Table, Columns, int]]:
        """The table behind its header, or from `offset` on, with its columns and their number."""
        with opened(self.path, self._score) as table:
            header = next((each for each in table.records() if _trimmed(each.cells)), None)
            if header is None:
                raise InputError(f"{label(self.path)}: holds no header")
            headers = _trimmed([cell(text) for text in header.cells])
            try:
                columns = columns_of(headers, self.targets)
            except InputError as error:
                raise InputError(f"{label(self.path)}: {error}") from None
            if offset:
                table.go(offset)
            yield table, columns, len(headers)

    def _rows(self, table: Table, width: int) -> Iterator[Record]:
        """The data rows from here on. Raises InputError."""
        for record in table.records():
            if (len(record.cells) == width and any(record.cells)) or self._fits(record, width):
                yield record

    def _fits(self, record: Record, width: int) -> bool:
        """False for a row of nothing but empty cells. Raises InputError for a ragged row."""
        cells = _trimmed(record.cells)
        if cells and (len(cells) > width or len(record.cells) < width):
            raise InputError(
                f"{label(self.path)} line {record.line}: has {len(record.cells)} cells where the "
                f"header has {width}; put quotes around a cell that holds a delimiter"
            )
        return bool(cells)

    def _score(self, headers: list[str]) -> int:
        known = {field for field in map(field_of, headers) if field}
        return len(known) + sum(header.strip() in self.targets.values() for header in headers)


def _trimmed(cells: list[str]) -> list[str]:
    """Without the empty cells at the end."""
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


class _Rows:
    """Rows as companies, as far as these may fit. Many rows say the same of place and category:
    whether that fits is looked at once for each combination, before anything else is read."""

    def __init__(self, columns: Columns, file_name: str, criteria: Criteria) -> None:
        self._columns = columns
        self._file_name = file_name
        self._criteria = criteria
        is_asked = any(getattr(criteria, field) for field in _COMPARED)
        compared = {index for field in _COMPARED for index in columns.get(field, ()) if is_asked}
        self._compared = itemgetter(*sorted(compared)) if compared else None
        self._fits: dict[object, bool] = {}

    def company(self, record: Record) -> Company | None:
        """The company of a row, if it may fit."""
        if not self._may_fit(record.cells):
            return None
        value = self._values(record.cells, self._columns)
        website, domain = website_of(value.get("website", ""))
        name = value.get("name", "") or domain
        if not name:
            return None
        company = Company(
            name,
            domain=domain,
            website=website,
            street=value.get("street", ""),
            postcode=value.get("postcode", ""),
            phone=value.get("phone", ""),
            discovery_source=_NAME,
            source_ref=f"{_NAME}:{self._file_name}#row={record.row}",
            **self._place_and_category(value),
        )
        excluded = self._criteria.exclude_domains and mismatch(company, self._criteria, _LISTED)
        return None if excluded else company

    def _may_fit(self, cells: list[str]) -> bool:
        if self._compared is None:
            return True
        said = self._compared(cells)
        fits = self._fits.get(said)
        if fits is None:
            value = self._values(cells, _COMPARED)
            row = Company("", **self._place_and_category(value))
            fits = mismatch(row, self._criteria, _LISTED) is None
            if len(self._fits) < _MOST_COMBINATIONS:
                self._fits[said] = fits
        return fits

    def _values(self, cells: list[str], fields: Iterable[str]) -> dict[str, str]:
        return {field: _value(cells, self._columns.get(field, ())) for field in fields}

    def _place_and_category(self, value: Mapping[str, str]) -> dict[str, Any]:
        country = value.get("country", "")
        country = country_code(country) or country
        return {
            "country": country,
            "state": state_code(value.get("state", ""), country),
            "city": value.get("city", ""),
            "category": _category(value.get("category", ""), self._criteria.category),
        }


def _value(cells: list[str], indexes: tuple[int, ...]) -> str:
    for index in indexes:
        text = cell(cells[index])
        if text and text.casefold() not in _EMPTY_WORDS:
            return text
    return ""


def _category(text: str, asked: str) -> str:
    """A cell may list several: the one that was asked for, else the first."""
    names = [name for name in map(category_name, _SEPARATORS.split(text)) if name]
    fitting = (name for name in names if asked and category_fits(name, asked))
    return next(fitting, names[0] if names else "")


class CsvFileKind:
    """Opens lists by path."""

    licence = ""
    needs_path = True

    def absolute(self, path: str) -> str:
        """The path of the file."""
        return absolute(path)

    def open(
        self, path: str, column_map: Mapping[str, str], network: Network | None = None
    ) -> CsvFile:
        """A list. Raises UnknownName for a mapped target that is no field."""
        return CsvFile(Path(path), check_targets(column_map))


SOURCE = CsvFileKind()
