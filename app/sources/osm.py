"""OpenStreetMap: a local .osm.pbf file, or an Overpass service over HTTP.

    --source osm:texas.osm.pbf                   --source osm:helsinki.osm.pbf?country=FI
    --source osm:https://overpass.example/api/interpreter

- A file is read with osmium (extra `osm`). Nodes, ways and relations with a name and a tag of a
  trade, in the order of kind and id. Which category means which tags: app/sources/_osm_tags.py.
- Read: name, website (also contact:website, url), phone, email, addr:*. The first website that is
  the company's own counts. Disused, ended, and for ever closed ones are left out.
- A company whose country, state or city is not stated does not match when that is asked for. Most
  elements state only a part, so say what the whole extract lies in: the options `country`,
  `state` and `city` stand where an element says nothing itself.
- Overpass asks inside the boundary of the place that the criteria name, so nothing need be stated.
  It is asked for some hundred elements at a time, one request after another.
- Confidence of the evidence: 0.7; of a place that is only said of the extract 0.6, of one that
  Overpass knows by the boundary 0.8.
- OpenStreetMap's licence asks that what is derived from it stays recognisable: `discovery_source`
  is "osm" and each row's source the element ("osm:node/1").
"""

import asyncio
import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlencode

from app.errors import InputError
from app.pipeline.outcomes import Found
from app.records.criteria import Criteria, build_criteria, state_country
from app.sources import Batch, Source, counted
from app.sources._network import Network
from app.sources._osm_company import Surroundings, company_of
from app.sources._osm_file import check_frame, elements, is_sorted
from app.sources._osm_tags import category_of, selectors
from app.sources._overpass import Overpass
from app.sources._paths import absolute, is_url, split_options
from app.sources._table import label

_OPTIONS = ("country", "state", "city")
_STATED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "country": ("addr:country",),
        "state": ("addr:state", "addr:province"),
        "city": ("addr:city", "addr:town"),
    }
)
_EXTRACT = 0.6


@dataclass(frozen=True, slots=True)
class OsmFile:
    """An extract at `path`, all of it lying in `around`."""

    path: Path
    around: Surroundings

    async def check(self, criteria: Criteria) -> None:
        """See that the file is whole, and that what is asked can be found in it at all.

        Raises InputError: a broken file, no company in it, or a place asked that none states.
        """
        await asyncio.to_thread(self._check, criteria)

    async def batch(self, criteria: Criteria, offset: int, size: int, now: datetime) -> Batch:
        """Companies whose `Element.key` is `offset` or more, in the order of the keys.

        The whole file is read, unless it says that it is sorted; memory grows with `size` alone.
        """
        return await asyncio.to_thread(self._batch, criteria, offset, size, now)

    async def count(self, criteria: Criteria, most: int, now: datetime) -> tuple[int, bool]:
        """Up to `most` of them, and whether these are all."""
        return await counted(self, criteria, most, now)

    def _check(self, criteria: Criteria) -> None:
        check_frame(self.path)
        missing = [
            part for part in _OPTIONS if getattr(criteria, part) and part not in self.around.values
        ]
        if state_country(criteria.state):
            missing = [part for part in missing if part != "country"]
        holds_any = False
        for element in elements(self.path, _keys("")):
            if not category_of(element.tags, ""):
                continue
            holds_any = True
            missing = [part for part in missing if not set(_STATED[part]) & set(element.tags)]
            if not missing:
                return
        if not holds_any:
            raise InputError(f"{label(self.path)}: holds no company with a name")
        wanted = urlencode({part: getattr(criteria, part) for part in missing})
        raise InputError(
            f"{label(self.path)}: no company in it states its {missing[0]}; say where all of it "
            f"lies: osm:{label(self.path)}?{wanted}"
        )

    def _batch(self, criteria: Criteria, offset: int, size: int, now: datetime) -> Batch:
        check_frame(self.path)
        ends = is_sorted(self.path)
        first = _First(size + 1)
        for element in elements(self.path, _keys(criteria.category)):
            if element.key < offset or not first.wants(element.key):
                continue
            found = company_of(element, criteria, self.around, now)
            if found:
                first.add(element.key, found)
                if ends and first.full:
                    break
        kept = first.in_order()
        after = kept[:size][-1][0] + 1 if kept[:size] else offset
        return Batch(tuple(found for _, found in kept[:size]), after, len(kept) <= size)


class _First:
    """The `size` entries with the smallest keys of all that are added; keys are unique."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._found: dict[int, Found] = {}
        self._largest: list[int] = []

    @property
    def full(self) -> bool:
        return len(self._found) >= self._size

    def wants(self, key: int) -> bool:
        return key not in self._found and (not self.full or key < -self._largest[0])

    def add(self, key: int, found: Found) -> None:
        if self.full:
            del self._found[-heapq.heappop(self._largest)]
        heapq.heappush(self._largest, -key)
        self._found[key] = found

    def in_order(self) -> list[tuple[int, Found]]:
        return sorted(self._found.items(), key=lambda entry: entry[0])


def _keys(category: str) -> list[str]:
    return [selector.key for selector in selectors(category)]


def _around(options: Mapping[str, str]) -> Surroundings:
    """What the options say of the whole extract, in the spelling of criteria. Raises InputError."""
    place = build_criteria(dict(options))
    values = {part: getattr(place, part) for part in _OPTIONS if getattr(place, part)}
    quote = ", ".join(f"{part}={value}" for part, value in values.items())
    return Surroundings(values, "extract", f"the whole extract: {quote}", _EXTRACT)


class OsmKind:
    """Opens files by path and Overpass services by address."""

    licence = "(c) OpenStreetMap contributors, ODbL 1.0"
    needs_path = True

    def open(
        self, path: str, column_map: Mapping[str, str], network: Network | None = None
    ) -> Source:
        """A file or a service; the tags are OpenStreetMap's own, so `column_map` does not concern
        it. Raises InputError for an option that is wrong."""
        if is_url(path):
            return Overpass(path, network or Network())
        file, options = split_options(path, _OPTIONS)
        return OsmFile(Path(file), _around(options))

    def absolute(self, path: str) -> str:
        """The path as every process may use it."""
        return absolute(path)


SOURCE = OsmKind()
