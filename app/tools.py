"""What handlers work with. Plug-ins never see the database; handlers see it only through here."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from app import registry
from app.budget import Purse
from app.clock import Clock, SystemClock
from app.context import Library
from app.crawl import Fetcher
from app.crawl.archive import ArchivingFetcher
from app.crawl.crawl import Crawl, Seen, crawl_site
from app.crawl.document import Document
from app.crawl.fetch import HttpFetcher
from app.crawl.limits import Limits
from app.crawl.replay import ReplayFetcher
from app.db.found import load_delivered, load_known
from app.db.pool import Database
from app.db.queries import query
from app.db.records import load_evidence, load_pages, load_reading, load_recent_reading
from app.db.snapshots import StoredSnapshot, freeze
from app.errors import Refused
from app.extracting import Reader
from app.extractors import Extractor, Site
from app.judging import Judge
from app.packagers import Artifact, Packager
from app.pipeline.outcomes import Found, Records
from app.pipeline.sift import Sieve, rows_of
from app.pipeline.stage import Work
from app.planning import Planner
from app.records.evidence import Evidence
from app.records.page import Page
from app.records.reading import Reading
from app.records.run import Run
from app.settings import Settings
from app.sources import Opened
from app.sources._network import Network


@dataclass(frozen=True, slots=True)
class Tools:
    """The outside world, for one process."""

    clock: Clock
    database: Database
    network: HttpFetcher
    services: Network
    limits: Limits
    user_agent: str
    extractors: Mapping[str, Extractor]
    packager: Packager
    budget: Purse
    judge: Judge
    planner: Planner
    library: Library

    async def crawl(self, run: Run, website: str, seen: Seen) -> tuple[Crawl, Reading]:
        """Read a site, from the network or the run's replay folder; and how far it was read. What
        any run has read within the run's max_age is used again. `seen` is told of each page, in
        order. Raises HostBusy."""
        request = run.request
        if not (request.replay_dir or request.archive_dir) and request.max_age:
            recent = await self._read_before(website, request.max_age)
            if recent:
                for document in recent[0].documents:
                    seen(document)
                return recent
        read = partial(crawl_site, self.fetcher(run), website, self.limits, seen)
        crawl = await (read() if request.replay_dir else self.network.visits.visit(website, read))
        return crawl, crawl.reading(website, self.limits, request.replay_dir, self.now())

    async def _read_before(self, website: str, max_age: float) -> tuple[Crawl, Reading] | None:
        """A whole reading of the same site with the same cap, no older than this; or that its
        robots rules forbade it."""
        found = await load_recent_reading(self.database, website, self.limits.pages, max_age)
        if found is None:
            return None
        company_id, reading = found
        if reading.cause:
            error = Refused(reading.cause, reading.detail)
            return Crawl(missed=reading.missed, error=error), replace(reading, kind="blocked")
        pages = await self.pages(company_id)
        if len(pages) != reading.pages:
            return None
        return Crawl(tuple(map(Document, pages)), missed=reading.missed), reading

    def fetcher(self, run: Run) -> Fetcher:
        """How this run gets pages."""
        request = run.request
        fetcher: Fetcher = self.network
        if request.replay_dir:
            fetcher = ReplayFetcher(
                Path(request.replay_dir), self.limits, self.clock, user_agent=self.user_agent
            )
        if request.archive_dir:
            fetcher = ArchivingFetcher(fetcher, Path(request.archive_dir))
        return fetcher

    async def pages(self, company_id: int) -> tuple[Page, ...]:
        """The stored pages of a company."""
        return await load_pages(self.database, company_id)

    async def reading(self, company_id: int) -> Reading:
        """How far the site of a company was read."""
        return await load_reading(self.database, company_id)

    async def evidence(self, company_id: int) -> tuple[Evidence, ...]:
        """What is stored about the company itself."""
        return await load_evidence(self.database, company_id)

    def reader(self, site: Site, names: Sequence[str]) -> Reader:
        """What finds facts on the pages of a site, by these extractors."""
        return Reader([self.extractors[name] for name in names], site)

    def sources(self, run: Run) -> list[Opened]:
        """The run's sources, opened, in the order given."""
        return open_sources(run.request.sources, run.request.column_map, self.services)

    async def is_first(self, work: Work) -> bool:
        """Whether no other item of this stage and run was claimed earlier and is still at work."""
        first = await self.database.fetchval(query("items.first_leased"), work.run.id, work.stage)
        return first in (None, work.item_id)

    async def sift(self, run: Run, found: Sequence[Found]) -> Records:
        """Which of these rows are companies new to the run, and which are duplicates.

        Holds as long as nobody else adds companies to the run before it is settled: of discovery's
        batches one is at work at a time.
        """
        rows = await asyncio.to_thread(rows_of, found)
        every = {key for row in rows for key in row.keys}
        sieve = Sieve(
            await load_known(self.database, run.id, every),
            await load_delivered(self.database, run.id, every),
            exclude_delivered=run.request.exclude_earlier,
        )
        return await asyncio.to_thread(sieve.sift, found, rows)

    async def package(self, run: Run, item_id: int | None) -> tuple[Artifact, ...]:
        """Freeze a snapshot of the run and write its files. Raises ExportFailed."""
        licences = {each.name.partition(":")[0]: each.licence for each in self.sources(run)}
        snapshot: StoredSnapshot = await freeze(self.database, run, item_id, licences)
        artifacts = await self.packager(
            snapshot, Path(run.request.output_dir), with_evidence=run.request.with_evidence
        )
        await self.database.fetch(
            query("snapshots.add_artifacts"),
            run.id,
            [each.kind for each in artifacts],
            [str(each.path) for each in artifacts],
            [each.rows for each in artifacts],
            [each.sha256 for each in artifacts],
        )
        return artifacts

    def now(self) -> datetime:
        """When something is seen."""
        return self.clock.now()


def open_sources(
    specs: Sequence[str], column_map: Mapping[str, str], services: Network
) -> list[Opened]:
    """Sources from NAME or NAME:PATH. Raises UnknownName; does no I/O."""
    opened = []
    for spec in specs:
        name, _, path = spec.partition(":")
        kind = registry.load("app.sources", name, "SOURCE")
        opened.append(Opened(spec, kind.licence, kind.open(path, column_map, services)))
    return opened


def services_of(settings: Settings, clock: Clock) -> Network:
    """How sources reach services: under the same name and guard as the crawl."""
    return Network(settings.user_agent, settings.allow_addresses, clock)


@asynccontextmanager
async def open_tools(settings: Settings, database: Database, budget: Purse) -> AsyncIterator[Tools]:
    """Build the tools of a process and close them again."""
    clock = SystemClock()
    limits = Limits(
        visits=max(settings.concurrency // 12, 1),
        pages=settings.max_pages,
        spacing=settings.host_spacing,
        request_seconds=settings.request_timeout,
    )
    async with HttpFetcher(
        limits, clock, user_agent=settings.user_agent, allowed=settings.allow_addresses
    ) as network:
        yield Tools(
            clock,
            database,
            network,
            services_of(settings, clock),
            limits,
            settings.user_agent,
            registry.load_all("app.extractors", "EXTRACTOR"),
            registry.load("app.packagers", "csv", "PACKAGER"),
            budget,
            Judge.of(database, clock),
            Planner.of(database, clock, settings),
            Library(database),
        )
