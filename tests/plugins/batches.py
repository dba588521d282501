"""A source read in batches, to its end."""

import json
from collections.abc import Awaitable, Callable

from app.pipeline.outcomes import Found
from app.sources import Batch, Offset


async def read_on(
    batch: Callable[[Offset], Awaitable[Batch]],
) -> tuple[tuple[Found, ...], Offset]:
    """What the batches bring one after the other, and where the last one ended; between two of them
    the offset is JSON."""
    found: list[Found] = []
    offset: Offset = 0
    while True:
        each = await batch(json.loads(json.dumps(offset)))
        found += each.found
        offset = each.next_offset
        if each.exhausted:
            return tuple(found), offset
