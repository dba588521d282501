"""Site -> pages: guarded fetching, robots, the frontier, record and replay."""

from typing import Protocol

from app.records.page import Page


class Fetcher(Protocol):
    """Fetches one address, politely and within caps, from the network or from a folder."""

    async def fetch(self, url: str) -> Page:
        """The page at `url`, redirects followed.

        Raises Unreachable (temporary), Refused or BadResponse (final), each with a cause.
        """
