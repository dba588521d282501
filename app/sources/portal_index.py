"""Software first: the hosts that vendors give to their customers, matched to places by name.

    --source portal_index:cdx-00001.gz+places.parquet
    --source portal_index:hosts.txt+places.csv
    --source portal_index:https://index.commoncrawl.org/CC-MAIN-2026-38-index+places.parquet

- Before the last "+" the index: a file of CDXJ lines (plain or gzip) or of hosts, or the address
  of a Common Crawl index over HTTP, which is asked domain by domain. Behind it the places: Overture
  (.parquet, .geojson, .json), OpenStreetMap (.osm.pbf), any other name is a list as csv_file reads.
- Which hosts belong to which vendor is said by app/fingerprints; `pms` in the criteria picks one.
- A host tells a firm's name and nothing else ("maple.managebuilding.com"). It is matched to the
  places of the category asked, without one to those that manage property; by which rules and
  thresholds is said in app/sources/_portal_match.py. Places of the whole file (of the country
  asked) are weighed, so that a name that several firms share is left out, then those are kept
  that lie where the criteria ask.
- A match is a company only with a website of its own. All that is known of it comes from the place;
  the portal adds evidence for `pms_detected`, with the day of the index, and no more: the column
  stays empty until research finds the software on the company's own site, or does not.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from app.errors import InputError
from app.pipeline.icp import Known, mismatch
from app.pipeline.outcomes import Found
from app.records.criteria import Criteria, state_country
from app.records.evidence import Evidence
from app.sources import Batch, Source, csv_file, osm, overture
from app.sources._found import shortened
from app.sources._network import Network
from app.sources._paths import absolute, is_url
from app.sources._portal_api import hosts_below, service_at
from app.sources._portal_file import hosts_in
from app.sources._portal_hosts import Portal, Portals, portals_for
from app.sources._portal_match import CONFIDENCE, Match, Matcher, own_domain
from app.sources._portal_names import reading
from app.sources._table import label

_NAME = "portal_index"
_PAGE = 5_000
_PORTION_BITS = 32
_TRADES = ("real_estate", "vacation_rental_management", "hoa_management")
_LISTED = Known(researched=False)

Seen = tuple[Portal, str]


@dataclass(frozen=True, slots=True)
class PortalIndex:
    """Portals in `index` (a file or an address), matched to `places`, which are called
    `places_name`."""

    index: str
    places: Source
    places_name: str
    network: Network

    async def check(self, criteria: Criteria) -> None:
        """See that both can be read, a file as far as its last line, and that it holds a portal of
        the software asked. Raises InputError; asks nobody over the network."""
        portals = portals_for(criteria.pms)
        if not portals.domains:
            raise InputError(f"{_NAME}: {criteria.pms} gives its customers no hosts of their own; "
                             "use another source")  # fmt: skip
        if is_url(self.index):
            self.network.check(service_at(self.index))
        elif not await self._read(portals):
            whose = criteria.pms or "a known vendor"
            raise InputError(f"{self._index_name}: holds no portal of {whose}")
        await self.places.check(Criteria())

    async def batch(self, criteria: Criteria, offset: int, size: int, now: datetime) -> Batch:
        """Matched companies in the order of their hosts. `offset`: the portion of the index (a
        domain of a vendor; a file is one portion) and how many of its matches came before.

        Raises RequestError where the index is asked over HTTP, and what `places` raises.
        """
        portals = portals_for(criteria.pms)
        portions = portals.domains if is_url(self.index) else ("",)
        portion, skip = divmod(offset, 1 << _PORTION_BITS)
        matching: list[Found] = []
        for number in range(portion, len(portions)):
            found = await self._companies(portals, portions[number], criteria, now)
            taken = found[skip : skip + size - len(matching)]
            matching += taken
            if skip + len(taken) < len(found):
                after = number << _PORTION_BITS | skip + len(taken)
                return Batch(tuple(matching), after, exhausted=False)
            skip = 0
            if len(matching) >= size and number + 1 < len(portions):
                return Batch(tuple(matching), (number + 1) << _PORTION_BITS, exhausted=False)
        return Batch(tuple(matching), len(portions) << _PORTION_BITS, exhausted=True)

    async def _companies(
        self, portals: Portals, domain: str, criteria: Criteria, now: datetime
    ) -> list[Found]:
        """The companies of one portion that fit, in the order of their hosts; each once."""
        seen = await self._read(portals, domain)
        matches = await self._matched(seen, criteria, now) if seen else {}
        companies: dict[str, Found] = {}
        for host in sorted(seen):
            portal, day = seen[host]
            match = matches.get(portal.slug)
            if match and not mismatch(match.place.company, criteria, _LISTED):
                known_as = own_domain(match.place.company)
                fact = self._fact(portal, day, match, now)
                if known_as in companies:
                    first = companies[known_as]
                    companies[known_as] = replace(first, evidence=(*first.evidence, fact))
                else:
                    companies[known_as] = _company(match.place, fact)
        return list(companies.values())

    async def _read(self, portals: Portals, domain: str = "") -> dict[str, Seen]:
        """Host -> (portal, day seen), of the file or of one domain over HTTP."""
        if is_url(self.index):
            hosts = await hosts_below(self.network, self.index, domain)
        else:
            hosts = await asyncio.to_thread(hosts_in, Path(self.index), portals.domains)
        return portals.of_hosts(hosts)

    async def _matched(
        self, seen: Mapping[str, Seen], criteria: Criteria, now: datetime
    ) -> dict[str, Match]:
        matcher = Matcher({portal.slug for portal, _ in seen.values()})
        country = criteria.country or state_country(criteria.state)
        for category in (criteria.category,) if criteria.category else _TRADES:
            wanted = Criteria(category=category, country=country)
            offset, exhausted = 0, False
            while not exhausted:
                batch = await self.places.batch(wanted, offset, _PAGE, now)
                await asyncio.to_thread(_offer, matcher, batch)
                offset, exhausted = batch.next_offset, batch.exhausted
        return matcher.matches()

    def _fact(self, portal: Portal, day: str, match: Match, now: datetime) -> Evidence:
        place = match.place.company
        where = ", ".join(filter(None, (place.name, place.city, place.state)))
        quote = shortened(
            (
                f"{portal.host} in {self._index_name}, {f'captured {day}' if day else 'no day'}",
                f'"{reading(portal.slug)}" is {where} in {self.places_name}',
                f"rule {match.rule}, score {match.score:.0f}",
            )
        )
        rule = f"source.{_NAME}.{match.rule}"
        sure = CONFIDENCE[match.rule]
        ref = f"{_NAME}:{portal.host}"
        return Evidence("pms_detected", portal.vendor.vendor, ref, quote, "source", sure, rule, now)

    @property
    def _index_name(self) -> str:
        return self.index.partition("?")[0] if is_url(self.index) else label(Path(self.index))


def _offer(matcher: Matcher, batch: Batch) -> None:
    for place in batch.found:
        matcher.offer(place)


def _company(place: Found, portal: Evidence) -> Found:
    """The place as found by its portal."""
    company = replace(place.company, discovery_source=_NAME, source_ref=portal.source_url)
    kept = [fact for fact in place.evidence if fact.field != "discovery_source"]
    found_by = replace(portal, field="discovery_source", value=_NAME)
    return Found(company, (*kept, found_by, portal))


class PortalIndexKind:
    """Opens "INDEX+PLACES"."""

    licence = (
        "Common Crawl index, commoncrawl.org/terms-of-use; what is matched to it keeps the licence "
        "of the places' own source"
    )
    needs_path = True

    def open(
        self, path: str, column_map: Mapping[str, str], network: Network | None = None
    ) -> PortalIndex:
        """An index and places; `column_map` is for places in a list of the user's own. Raises
        InputError where one of the two is missing, and what the places' source raises."""
        index, _, places = path.rpartition("+")
        if not index or not places or is_url(places):
            raise InputError(f"{_NAME} needs an index and a file of places: "
                             f"--source {_NAME}:INDEX+PLACES.parquet")  # fmt: skip
        network = network or Network()
        name = label(Path(places.partition("?")[0]))
        return PortalIndex(index, _open_places(places, column_map), name, network)

    def absolute(self, path: str) -> str:
        """Both parts as every process may use them."""
        index, plus, places = path.rpartition("+")
        return f"{absolute(index)}{plus}{absolute(places)}"


def _open_places(path: str, column_map: Mapping[str, str]) -> Source:
    name = path.partition("?")[0].lower()
    if name.endswith((".parquet", ".geojson", ".geojsonl", ".json")):
        return overture.SOURCE.open(path, column_map)
    if name.endswith(".pbf"):
        return osm.SOURCE.open(path, column_map)
    return csv_file.SOURCE.open(path, column_map)


SOURCE = PortalIndexKind()
