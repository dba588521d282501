"""The real handlers over one stored site, with memory where a database would be."""

import html
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from app import registry
from app.clock import SystemClock
from app.crawl import Fetcher
from app.crawl.document import Document
from app.crawl.domains import normalise, registrable
from app.crawl.limits import Limits
from app.errors import BadResponse
from app.pipeline.country_gate import laws
from app.pipeline.outcomes import Skip
from app.pipeline.stage import Stage, Work
from app.records.company import Company
from app.records.contact import Contact
from app.records.criteria import Criteria, folded
from app.records.evidence import Evidence
from app.records.page import Page
from app.records.reading import Reading
from app.records.run import Run, RunRequest
from app.tools import Tools
from bench.evaluate.compare import phone_digits
from bench.evaluate.corpus import Corpus
from bench.evaluate.labels import Truth, page_key
from workers import company_research, contact_research

NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
_NONE: Any = None


class StoppedClock(SystemClock):
    """Every page is read at one moment, so that two evaluations are equal."""

    def now(self) -> datetime:
        return NOW


@dataclass(frozen=True, slots=True)
class OnePage:
    """A site of one page, whatever it links to."""

    page: Page

    async def fetch(self, url: str) -> Page:
        if normalise(url) != normalise(self.page.url):
            raise BadResponse("not_found", f"{url} is not stored")
        return self.page


@dataclass(frozen=True, slots=True)
class MemoryTools(Tools):
    """The real tools; what the database would hold is in `stored`."""

    stored: tuple[Page, ...] = ()
    read: Reading = field(default_factory=Reading)
    only: Page | None = None

    def fetcher(self, run: Run) -> Fetcher:
        return OnePage(self.only) if self.only else super(MemoryTools, self).fetcher(run)

    async def pages(self, company_id: int) -> tuple[Page, ...]:
        return self.stored

    async def evidence(self, company_id: int) -> tuple[Evidence, ...]:
        return ()

    async def reading(self, company_id: int) -> Reading:
        return self.read


@dataclass(frozen=True)
class Findings:
    """What the records say of one site. `reach`: ok, or the cause for which no page was read.
    `facts` are about the company, `person_facts` about the contacts."""

    reach: str
    company: Company
    facts: tuple[Evidence, ...] = ()
    contacts: tuple[Contact, ...] = ()
    person_facts: tuple[Evidence, ...] = ()
    pages: tuple[Page, ...] = ()
    documents: tuple[Document, ...] = field(default=(), repr=False)

    @cached_property
    def read(self) -> frozenset[str]:
        """The keys of the pages that were read."""
        return frozenset(page_key(page.url) for page in self.pages)

    @cached_property
    def _shown(self) -> tuple[str, str]:
        raw = " ".join(html.unescape(f"{one.html} {one.text}") for one in self.documents)
        return folded(raw), re.sub(r"\D", "", raw)

    def shows(self, value: str) -> bool:
        """Whether a page that was read holds this value somewhere, in text or markup."""
        text, digits = self._shown
        if value.startswith("+"):
            return phone_digits(value)[-9:] in digits
        return folded(value) in text


async def research(corpus: Corpus, truth: Truth) -> Findings:
    """What company_research and then contact_research find, the website alone being given."""
    run = Run(UUID(int=1), _request(corpus), "active", "company_research", NOW)
    company = Company("", registrable(truth.website), truth.website, id=1)
    tools = _tools(_page(truth, truth.page) if truth.page else None)
    stage = company_research.STAGE
    outcome: Any = await stage.handle(_work(stage, run, company), tools)
    if not outcome.records.pages:
        cause = outcome.cause if isinstance(outcome, Skip) else type(outcome).__name__.lower()
        return Findings(cause, company)

    pages = outcome.records.pages
    found = outcome.records.company
    tools = _tools(None, pages, outcome.records.reading)
    stage = contact_research.STAGE
    people: Any = await stage.handle(_work(stage, run, found), tools)
    return Findings(
        "ok",
        found,
        tuple(one for one in outcome.records.evidence if not one.subject),
        people.records.contacts or (),
        people.records.evidence,
        pages,
        tuple(Document(page) for page in pages),
    )


def _request(corpus: Corpus) -> RunRequest:
    """Everybody counts: the labels know no country gate."""
    everywhere = tuple(laws())
    replay = str(corpus.folder)
    return RunRequest(
        Criteria(), (), "", contacts_min=0, replay_dir=replay, allow_countries=everywhere
    )


def _work(stage: Stage, run: Run, company: Company) -> Work:
    return Work(item_id=1, stage=stage.name, attempt=1, run=run, company=company)


def _tools(
    only: Page | None, stored: tuple[Page, ...] = (), read: Reading | None = None
) -> MemoryTools:
    extractors = registry.load_all("app.extractors", "EXTRACTOR")
    clock = StoppedClock()
    return MemoryTools(
        clock=clock,
        database=_NONE,
        network=_NONE,
        services=_NONE,
        limits=Limits(),
        user_agent="Sluice",
        extractors=extractors,
        packager=_NONE,
        budget=_NONE,
        judge=_NONE,
        planner=_NONE,
        library=_NONE,
        stored=stored,
        read=read or Reading(),
        only=only,
    )


def _page(truth: Truth, file: Path) -> Page:
    return Page(truth.website, 200, "text/html", "", file.read_bytes(), NOW)
