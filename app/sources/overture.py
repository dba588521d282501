"""Overture Places: a local extract as Parquet or GeoJSON, read with DuckDB.

    --source overture:austin.parquet             --source overture:austin.parquet?confidence=0.5

- Reads the releases with `categories` and those with `taxonomy` and `basic_category`.
- A place matches a category by its main one, an alternate, or a step of its hierarchy.
- Left out: what is closed (`operating_status`, or `open` = 0), and what is below the confidence
  threshold, the option `confidence`. That is 0 by default: Overture's confidence says only that a
  place exists and is not calibrated, and research reads the website anyway.
- A place whose state, city or country is not stated does not match when one is asked for: there
  are places enough. A state of the US or Canada means that country.
- Confidence of the evidence: 0.9 of the place's own, 0.45 where it has none.
- The website is the first one that is the company's own; social pages, marketplaces and
  directories are passed over.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.errors import InputError
from app.pipeline.icp import Known, mismatch
from app.pipeline.outcomes import Found
from app.records.company import Company
from app.records.criteria import (
    Criteria,
    category_fits,
    category_name,
    category_spellings,
    country_code,
    folded,
    state_code,
    state_country,
    state_names,
)
from app.sources import Batch, Offset, counted
from app.sources._duck import opened
from app.sources._found import cell, found, shortened
from app.sources._network import Network
from app.sources._paths import absolute, split_options
from app.sources._table import label
from app.sources._website import website_of

_NAME = "overture"
_PAGE = 50
_LISTED = Known(researched=False)
_NEEDED = ("id", "names")
_CATEGORISED = frozenset({"categories", "taxonomy", "basic_category"})


@dataclass(frozen=True, slots=True)
class Overture:
    """An extract at `path`; places below `minimum_confidence` (0 to 1) are left out."""

    path: Path
    minimum_confidence: float = 0.0

    async def check(self, criteria: Criteria) -> None:
        """See that the file is whole and holds places. Raises InputError."""
        await asyncio.to_thread(self._check)

    async def batch(self, criteria: Criteria, offset: Offset, size: int, now: datetime) -> Batch:
        """Companies behind the place `offset` (its id and row), in the order of their ids."""
        return await asyncio.to_thread(self._batch, criteria, offset, size, now)

    async def count(self, criteria: Criteria, most: int, now: datetime) -> tuple[int, bool]:
        """Up to `most` of them, and whether these are all."""
        return await counted(self, criteria, most, now)

    def _check(self) -> None:
        with opened(self.path) as (connection, statements):
            columns = {row[0] for row in connection.execute(statements["columns"]).fetchall()}
            missing = [name for name in _NEEDED if name not in columns]
            if missing or not columns & _CATEGORISED:
                lacks = missing[0] if missing else "categories"
                raise InputError(f"{label(self.path)}: is no Overture Places file: no {lacks!r}")
            connection.execute(statements["places"])
            if not connection.execute(statements["first"]).fetchall():
                raise InputError(f"{label(self.path)}: holds no place with a name")

    def _batch(self, criteria: Criteria, offset: Offset, size: int, now: datetime) -> Batch:
        matching: list[Found] = []
        wanted = _wanted(criteria) | {"confidence": self.minimum_confidence}
        with opened(self.path) as (connection, statements):
            connection.execute(statements["places"])
            connection.execute(statements["folded"])
            while True:
                limit = max(size - len(matching), _PAGE) + 1
                after_id, after_row = offset or (None, None)
                page = wanted | {"limit": limit, "after_id": after_id, "after_row": after_row}
                places = connection.execute(statements["search"], page).fetchall()
                for row, *place in places:
                    if len(matching) >= size:
                        return Batch(tuple(matching), offset, exhausted=False)
                    matching += _found(place, criteria, now)
                    offset = [place[0], row]
                if len(places) < limit:
                    return Batch(tuple(matching), offset, exhausted=True)


def _wanted(criteria: Criteria) -> dict[str, Any]:
    """The parameters of the search; null where nothing is asked."""
    country = criteria.country or state_country(criteria.state)
    return {
        "categories": list(category_spellings(criteria.category)) if criteria.category else None,
        "country": country or None,
        "states": list(state_names(criteria.state)) if criteria.state else None,
        "city": folded(criteria.city) or None,
    }


def _found(place: Sequence[Any], criteria: Criteria, now: datetime) -> list[Found]:
    """A place as a company; nothing where it has no name, or its domain is excluded."""
    place_id, name, categories, confidence, websites, phones, *address = place
    street, city, region, postcode, country = (cell(part or "") for part in address)
    websites, phones, categories = websites or [], phones or [], categories or []
    own = (website_of(website) for website in websites if website)
    website, domain = next((each for each in own if each[0]), ("", ""))
    country = country_code(country) or country
    company = Company(
        cell(name or "") or domain,
        domain=domain,
        website=website,
        street=street,
        city=city,
        state=state_code(region, country),
        postcode=postcode,
        country=country,
        phone=cell(next(filter(None, phones), "")),
        category=_category(categories, criteria.category),
        discovery_source=_NAME,
        source_ref=f"{_NAME}:{cell(place_id)}",
    )
    if not company.name or mismatch(company, criteria, _LISTED):
        return []
    quote = shortened(filter(None, (name, *categories[:1], *address, *websites[:1], *phones[:1])))
    existence = 0.5 if confidence is None else min(max(confidence, 0.0), 1.0)
    return [found(company, quote, round(0.9 * existence, 2), now)]


def _category(categories: list[str], asked: str) -> str:
    """The main category; the one asked for, where another of the place's is what matched."""
    main = category_name(categories[0]) if categories else ""
    return main if not asked or category_fits(main, asked) else asked


def _threshold(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise InputError(f"option confidence={text!r} is no number from 0 to 1")
    return value


class OvertureKind:
    """Opens extracts by path."""

    licence = "Overture Maps Foundation, CDLA-Permissive-2.0"
    needs_path = True

    def absolute(self, path: str) -> str:
        """The path of the file."""
        return absolute(path)

    def open(
        self, path: str, column_map: Mapping[str, str], network: Network | None = None
    ) -> Overture:
        """An extract; its columns are Overture's own, so `column_map` does not concern it. Raises
        InputError for an option that is wrong."""
        file, options = split_options(path, ("confidence",))
        return Overture(Path(file), _threshold(options.get("confidence", "0")))


SOURCE = OvertureKind()
