"""One bad site must not slow the others: few crawls of a site at once, and a rest when they fail.

A site is a registrable domain, so that the hosts of one platform count together.

closed --FAILURES crawls in a row without a page--> resting --REST_SECONDS--> one crawl is let
through: a page closes it again, another failure is another rest. While it rests, a crawl fails at
once ("site_rests"), says what the last one failed with and when to come back.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from app.clock import Clock
from app.crawl.crawl import Crawl
from app.crawl.domains import registrable
from app.errors import HostBusy, RequestError, Unreachable

RESTS = "site_rests"
FAILURES = 5
"""More than an item has attempts: one company alone does not put its site to rest."""
REST_SECONDS = 60.0
FIRST_PACE = 5.0
"""Seconds that a crawl is taken to last before one has been seen."""
LONGEST_WAIT = 300.0
MAX_SITES = 10_000


@dataclass(slots=True)
class _Site:
    visits: int = 0
    turned_away: int = 0
    pace: float = FIRST_PACE
    failures: int = 0
    error: RequestError | None = None
    rests_until: float = 0.0


class Visits:
    """The crawls of one process. `at_once`: of one site."""

    def __init__(self, clock: Clock, at_once: int) -> None:
        self._clock = clock
        self._at_once = at_once
        self._sites: dict[str, _Site] = {}

    async def visit(self, website: str, read: Callable[[], Awaitable[Crawl]]) -> Crawl:
        """What `read` brings, or the failure that is known already while the site rests.

        Raises HostBusy where enough crawls of it go on; it says after how long to ask again.
        """
        name = registrable(website)
        if not name:
            return await read()
        site = self._sites.setdefault(name, _Site())
        now = self._clock.monotonic()
        if site.failures >= FAILURES and now < site.rests_until:
            return Crawl(error=_at_rest(name, site, site.rests_until - now))
        if site.visits >= (self._at_once if site.failures < FAILURES else 1):
            site.turned_away += 1
            wait = site.pace * site.turned_away / self._at_once
            raise HostBusy(f"{name} is being read already", min(wait, LONGEST_WAIT))
        site.visits += 1
        try:
            crawl = await read()
            self._learn(site, crawl, self._clock.monotonic() - now)
            return crawl
        finally:
            site.visits -= 1
            site.turned_away //= 2
            self._forget()

    def _learn(self, site: _Site, crawl: Crawl, seconds: float) -> None:
        site.pace = (site.pace + seconds) / 2
        if crawl.documents or not isinstance(crawl.error, Unreachable):
            site.failures, site.error = 0, None
            return
        site.failures += 1
        site.error = crawl.error
        site.rests_until = self._clock.monotonic() + REST_SECONDS

    def _forget(self) -> None:
        """The sites that nobody reads and that did not fail last, when there are many."""
        if len(self._sites) > MAX_SITES:
            self._sites = {
                name: site for name, site in self._sites.items() if site.visits or site.failures
            }


def _at_rest(name: str, site: _Site, left: float) -> Unreachable:
    assert site.error is not None
    message = f"{name} failed {site.failures} times in a row and rests; the last: {site.error}"
    return Unreachable(RESTS, message, retry_after=left)
