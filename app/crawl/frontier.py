"""Which page of a site to read next: the most promising first."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from app.crawl import words
from app.crawl.document import Document
from app.crawl.domains import normalise, same_site
from app.crawl.traps import is_trap

MAX_QUEUED = 1_000
MAX_TEXT_WORDS = 8
MAX_SLUG_WORDS = 6
MAX_QUERIES = 3
SAME_KIND = 4
"""So many pages of one folder and one promise are read at full points."""

_DEPTH, _LANGUAGE, _SUBDOMAIN, _QUERY, _ABOVE, _KIND = 8, 15, 20, 10, 25, 15
_PERSON = 68
_FOLLOWED = frozenset(("a", "area", "iframe"))
_LANGUAGES = re.compile(
    r"/(en|es|de|fr|it|pt|nl|pl|ru|zh|ja|ko|ar|tr|vi|sv|da|no|fi|cs|hu|ro|el|he|uk)(?:-[a-z]{2})?(?=/|$)",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"\.\w{2,5}$")
_NAME = re.compile(r"(?:[A-Z][\w'’.-]*,?\s+){1,3}[A-Z][\w'’.-]+(?:,.{0,20})?")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A page that could be read. `points` order the queue, `depth` is links away from home."""

    url: str
    key: str
    points: int
    depth: int
    kind: tuple[str, int]

    @property
    def names_people(self) -> bool:
        """True when the address or the link promises a team page."""
        return self.kind[1] >= words.TEAM


class Frontier:
    """The pages of one site that are known and not yet read, each once."""

    def __init__(self, home: str, depth: int) -> None:
        self._home = home
        self._depth = depth
        self._language = _language(home)
        self._queue: dict[str, Candidate] = {}
        self._seen: set[str] = {normalise(home)}
        self._taken: Counter[tuple[str, int]] = Counter()
        self._queries: Counter[str] = Counter()

    @property
    def known(self) -> int:
        """Addresses that were read or queued so far."""
        return len(self._seen) + len(self._queue)

    def add_links(self, document: Document, depth: int) -> None:
        """Queue the links of a page that is `depth` links away from home."""
        on_team_page = _points(document.url, "") >= words.ABOUT
        for link in document.links:
            if link.kind in _FOLLOWED:
                is_person = on_team_page and _NAME.fullmatch(link.text)
                self.add(link.url, link.text, depth + 1, least=_PERSON if is_person else 0)

    def add_urls(self, urls: Iterable[str], least: int) -> None:
        """Queue addresses from a sitemap that promise at least `least` points."""
        for url in urls:
            if _points(url, "") >= least:
                self.add(url, "", 1)

    def add(self, url: str, text: str, depth: int, *, least: int = 0) -> None:
        """Queue one address with at least these points, unless it is known, foreign, too deep or
        a trap."""
        if depth > self._depth or is_trap(url) or not same_site(url, self._home):
            return
        key = normalise(url)
        if key in self._seen:
            return
        candidate = self._candidate(url, key, max(_points(url, text), least), depth)
        known = self._queue.get(key)
        if known is None:
            if len(self._queue) >= MAX_QUEUED or not self._is_new_query(key):
                return
            self._queue[key] = candidate
        elif candidate.points > known.points:
            self._queue[key] = candidate

    def see(self, url: str) -> bool:
        """Mark an address as read; False when it had been read already."""
        key = normalise(url)
        fresh = key not in self._seen
        self._seen.add(key)
        self._queue.pop(key, None)
        return fresh

    def best(self) -> Candidate | None:
        """The most promising page; of equal ones the first found. It stays until it is seen."""
        return max(self._queue.values(), key=self._worth, default=None)

    def take(self) -> Candidate | None:
        """The best page, taken out."""
        candidate = self.best()
        if candidate:
            self._taken[candidate.kind] += 1
            self.see(candidate.url)
        return candidate

    def _worth(self, candidate: Candidate) -> int:
        """Points, fewer for the fifth and later page of one kind, so that others get their turn."""
        return candidate.points - _KIND * max(0, self._taken[candidate.kind] - SAME_KIND + 1)

    def _is_new_query(self, key: str) -> bool:
        """At most MAX_QUERIES addresses that differ only in their query."""
        path, _, query = key.partition("?")
        if not query:
            return True
        self._queries[path] += 1
        return self._queries[path] <= MAX_QUERIES

    def _candidate(self, url: str, key: str, promise: int, depth: int) -> Candidate:
        points = promise - _DEPTH * max(0, depth - 1)
        parts, home = urlsplit(url), urlsplit(self._home)
        if _bare(parts.netloc) != _bare(home.netloc):
            points -= _SUBDOMAIN
        if _language(url) != self._language:
            points -= _LANGUAGE
        if "?" in key:
            points -= _QUERY
        return Candidate(url, key, points, depth, (parts.path.rpartition("/")[0], promise))


def _points(url: str, text: str) -> int:
    """What an address and the text of its link promise."""
    above, _, last = unquote(urlsplit(url).path).strip("/").rpartition("/")
    folders, slug = words.plain(above), words.plain(_SUFFIX.sub("", last))
    label = words.plain(text)
    if words.is_dull(f"{folders} {slug}"):
        return words.DULL
    own = words.promise(slug)
    if own is not None and slug.count(" ") >= MAX_SLUG_WORDS:
        own = min(own, words.USEFUL)  # a headline, not a name
    over = words.promise(folders)
    above_it = None if over is None else max(0, over - _ABOVE)
    said = words.promise(label) if label.count(" ") < MAX_TEXT_WORDS else None
    known = [points for points in (own, above_it, said) if points is not None]
    return max(known, default=words.NEUTRAL)


def _bare(netloc: str) -> str:
    return netloc.removeprefix("www.")


def _language(url: str) -> str:
    found = _LANGUAGES.match(urlsplit(url).path)
    return found[1].lower() if found else ""
