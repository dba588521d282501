"""Pages are read for facts while their crawl waits for its next turn."""

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from app.crawl.document import Document
from app.extractors import Extractor, Site
from app.records.evidence import Evidence


class Reader:
    """The facts on the pages of one site: each page in a thread, as soon as it is told of. A page
    that takes long to read must not stop the heartbeat. What is left at the end is let go."""

    def __init__(self, extractors: Sequence[Extractor], site: Site) -> None:
        self._extractors = extractors
        self._site = site
        self._tasks: list[asyncio.Task[tuple[Evidence, ...]]] = []

    def read(self, document: Document) -> None:
        """Begin with a page."""
        self._tasks.append(asyncio.create_task(asyncio.to_thread(self._extract, document)))

    async def facts(self) -> tuple[Evidence, ...]:
        """What the extractors find, in the order in which the pages were told of."""
        return tuple(fact for facts in await asyncio.gather(*self._tasks) for fact in facts)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _extract(self, document: Document) -> tuple[Evidence, ...]:
        return tuple(fact for each in self._extractors for fact in each(document, self._site))
