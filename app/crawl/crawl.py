"""One site -> its most telling pages."""

import asyncio
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

from app.crawl import Fetcher
from app.crawl.document import Document
from app.crawl.domains import normalise, same_site
from app.crawl.frontier import Candidate, Frontier
from app.crawl.limits import Limits
from app.crawl.sitemap import sitemap_urls
from app.crawl.urls import absolute, clean
from app.crawl.words import ABOUT, NEUTRAL, TEAM, USEFUL
from app.errors import Refused, RequestError, Unreachable
from app.records.page import Page
from app.records.reading import Missed, MissedKind, Reading

MAX_FAILURES = 3
"""So many requests in a row without an answer end a crawl."""

FEW = 3
GUESSES = ("contact", "about", "team", "contact-us", "about-us", "our-team", "staff", "services")

_SCHEME = re.compile(r"\s*[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
_MISSING = frozenset(("not_found", "gone", "empty"))
_FORBIDDEN = frozenset(("forbidden", "http_402", "http_406", "http_407"))
_BROKEN = frozenset(
    ("bad_encoding", "bad_headers", "bad_redirect", "redirect_loop", "too_many_redirects")
)
_ELSEWHERE = frozenset(("no_such_host", "dns", "connection", "timeout", "tls", "disconnected"))


@dataclass(frozen=True, slots=True)
class Crawl:
    """What a crawl brought.

    `documents`: the pages, home first, then by promise. `visited`: requests for pages, the failed
    ones counted. `missed`: each address that brought nothing. `error`: why there is no page at all,
    or why the crawl ended early; its class says whether later is worth a try.
    """

    documents: tuple[Document, ...] = ()
    visited: int = 0
    missed: tuple[Missed, ...] = ()
    error: RequestError | None = None

    @property
    def refused(self) -> tuple[tuple[str, str], ...]:
        """(address, cause) of what was missed."""
        return tuple((each.url, each.cause) for each in self.missed)

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages, home first."""
        return tuple(document.page for document in self.documents)

    @property
    def cause(self) -> str:
        """A stable word for `error`, or ""."""
        return self.error.cause if self.error else ""

    @property
    def detail(self) -> str:
        """One line for `error`, or ""."""
        return str(self.error) if self.error else ""

    def reading(self, website: str, limits: Limits, origin: str, now: datetime) -> Reading:
        """How far the site was read. `now`: for a reading without pages."""
        return Reading(
            website,
            len(self.documents),
            limits.pages,
            origin,
            self.missed,
            self.cause,
            self.detail,
            kind_of(self.error) if self.error else "nothing",
            min((page.fetched_at for page in self.pages), default=now),
        )


def kind_of(error: RequestError) -> MissedKind:
    """What an error says of the page: there another time, forbidden, or nothing there."""
    if isinstance(error, Refused) or error.cause in _FORBIDDEN:
        return "blocked"
    return "failed" if isinstance(error, Unreachable) or error.cause in _BROKEN else "nothing"


Seen = Callable[[Document], None]
"""Is told of each page that is kept, once the crawl itself has read it."""


def _unheard(_document: Document) -> None: ...


async def crawl_site(
    fetcher: Fetcher, website: str, limits: Limits, seen: Seen = _unheard
) -> Crawl:
    """Read the home page of `website` (an address or a host) and what it leads to.

    Pages of the same registrable domain, best first, within limits.pages, limits.depth and
    limits.site_seconds; what was read by then is kept. The same site gives the same pages in the
    same order. Never raises a RequestError: see Crawl.error.
    """
    walk = _Walk(fetcher, limits, seen)
    try:
        async with asyncio.timeout(limits.site_seconds):
            await walk.run(website)
    except TimeoutError:
        walk.error = Unreachable("timeout", f"{website} took longer than {limits.site_seconds:g} s")
    return Crawl(tuple(walk.documents), walk.visited, tuple(walk.missed), walk.error)


@dataclass(slots=True)
class _Walk:
    """One crawl while it goes on."""

    fetcher: Fetcher
    limits: Limits
    seen: Seen
    documents: list[Document] = field(default_factory=list)
    visited: int = 0
    missed: list[Missed] = field(default_factory=list)
    error: RequestError | None = None
    last_error: RequestError | None = None
    failures: int = 0
    digests: set[bytes] = field(default_factory=set)
    has_people: bool = False
    sitemap_read: bool = False
    guessed: bool = False

    async def run(self, website: str) -> None:
        home = await self._home(website)
        if home is None and self.last_error and self.last_error.cause not in _MISSING:
            return
        root = absolute(home.url if home else _with_scheme(website), "/")
        frontier = Frontier(home.url if home else root, self.limits.depth)
        frontier.see(_with_scheme(website))
        if home and (document := self._keep(home)):
            frontier.add(root, "", 1, least=ABOUT)
            frontier.add_links(document, 0)
            self.seen(document)
        await self._read(frontier, root)
        if self.documents and self.failures < MAX_FAILURES:
            self.error = None

    async def _read(self, frontier: Frontier, root: str) -> None:
        """Page after page, best first, until the caps or until nothing is left."""
        while len(self.documents) < self.limits.pages and self.visited < 2 * self.limits.pages:
            if self.failures >= MAX_FAILURES:
                self.error = self.last_error
                return
            if await self._found_more(frontier, root):
                continue
            candidate = frontier.take()
            if candidate is None:
                return
            if await self._visit(candidate, frontier, root):
                self.has_people = self.has_people or candidate.names_people

    async def _found_more(self, frontier: Frontier, root: str) -> bool:
        """Ask the sitemap, once, when no page that was read or is known names people. Try usual
        names, once, where pages hardly link at all (scripts write their links)."""
        best = frontier.best()
        if not (self.sitemap_read or self.has_people or (best and best.names_people)):
            self.sitemap_read = True
            urls = await sitemap_urls(self.fetcher, root)
            small = len(urls) <= 2 * self.limits.pages
            frontier.add_urls(urls, NEUTRAL if small else USEFUL)
            return True
        if best is None and not self.guessed and frontier.known < FEW:
            self.guessed = True
            frontier.add_urls((absolute(root, f"/{guess}") for guess in GUESSES), 0)
            return True
        return False

    async def _visit(self, candidate: Candidate, frontier: Frontier, root: str) -> bool:
        """True when the address brought a page that is new."""
        page = await self._try(candidate.url, candidate.kind[1])
        if page is None:
            return False
        if page.url != candidate.url:
            if not same_site(page.url, root):
                self.missed.append(Missed(candidate.url, "other_site", "nothing"))
                return False
            if not frontier.see(page.url) and normalise(page.url) != candidate.key:
                return False
        document = self._keep(page)
        if document:
            frontier.add_links(document, candidate.depth)
            self.seen(document)
        return document is not None

    def _keep(self, page: Page) -> Document | None:
        """The page as a document, unless the same bytes have been read at another address."""
        digest = hashlib.sha256(page.body).digest()
        if digest in self.digests:
            return None
        self.digests.add(digest)
        self.documents.append(Document(page))
        return self.documents[-1]

    async def _home(self, website: str) -> Page | None:
        """The home page, by the first of its addresses that answers."""
        self.error = Refused("bad_address", f"{website[:200]!r} is no web address")
        for number, url in enumerate(_home_addresses(website)):
            page = await self._try(url)
            if page:
                return page
            if number == 0 and self.last_error:
                self.error = self.last_error
            if not _is_worth_another(self.last_error):
                break
        return None

    async def _try(self, url: str, promise: int = TEAM) -> Page | None:
        """The page, or None with the cause noted. `promise`: a home page may say anything."""
        self.visited += 1
        try:
            page = await self.fetcher.fetch(url)
        except RequestError as error:
            self.last_error = error
            self.missed.append(Missed(url, error.cause, kind_of(error), promise))
            if not isinstance(error, Unreachable):
                self.failures = 0
            elif error.cause != "no_such_host":  # a dead subdomain says nothing of the site
                self.failures += 1
            return None
        self.failures = 0
        return page


def _home_addresses(website: str) -> list[str]:
    """As given, then over the other scheme, then both with www. added or removed."""
    url = clean(_with_scheme(website))
    if not url:
        return []
    parts = urlsplit(url)
    host = parts.netloc
    twin = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
    schemes = (parts.scheme, "http" if parts.scheme == "https" else "https")
    return [
        urlunsplit((scheme, name, parts.path, parts.query, ""))
        for name in (host, twin)
        for scheme in schemes
    ]


def _with_scheme(website: str) -> str:
    return website if _SCHEME.match(website) else f"https://{website.strip()}"


def _is_worth_another(error: RequestError | None) -> bool:
    return isinstance(error, Unreachable) and error.cause in _ELSEWHERE
