"""Discovery: sources -> companies, in batches, until the target is met or the sources end.

A source that fails is named, and the next one is read; when all fail, discovery fails. Only where
no other is left, and what it says may pass, is the item tried again; when that was in vain (or the
item took its worker down), the orchestrator makes the next batch with the reason in `failed`.
"""

from app.pipeline.outcomes import Done, Found, Outcome, Snooze
from app.pipeline.reading import Reading
from app.pipeline.retry import failure_of
from app.pipeline.stage import Stage, Work
from app.sources import Counting
from app.tools import Tools

_WAIT = 1.0
"""Seconds."""


async def handle(work: Work, tools: Tools) -> Outcome:
    """Bring the next companies. The cursor says which source is read, and from where.

    Batches follow one another, and one that is tried again by hand waits for the one at work: a row
    is compared with all that are stored.
    """
    if not await tools.is_first(work):
        return Snooze(_WAIT, "another batch of the run is at work")
    opened = tools.sources(work.run)
    cursor, size = work.input.get("cursor"), work.input["size"]
    names = [(each.name, each.licence) for each in opened]
    reading = Reading.at(cursor) if cursor else Reading.begun(names)
    reading.extend(names)
    for reason in work.input.get("failed", ()):
        if not reading.exhausted:
            reading.fail(reason)
    found: list[Found] = []
    begun = reading.index
    while len(found) < size and not reading.exhausted:
        source, missing = opened[reading.index].source, size - len(found)
        if found and not isinstance(source, Counting):
            break  # a service may keep us waiting: what there is goes on first
        try:
            batch = await source.batch(
                work.run.request.criteria, reading.offset, missing, tools.now()
            )
        except Exception as error:
            failure = failure_of(error)
            if not (failure.temporary and reading.is_last_hope):
                reading.fail(failure.reason)
                continue
            if not found and reading.index == begun:
                raise
            break  # what is known is kept; the next batch asks this source again
        found += batch.found
        reading.advance(len(batch.found), batch.next_offset, exhausted=batch.exhausted)
    records = await tools.sift(work.run, found)
    counts = {"found": len(records.found), "duplicates": len(records.duplicates)}
    return Done(records, counts | reading.result())


STAGE = Stage(
    name="discovery",
    number=3,
    unit="run",
    needs=("plan",),
    handle=handle,
    summary="sources -> companies, in batches",
    timeout=600,
    batches=True,
    reads=("criteria", "sources", "column_map"),
)

if __name__ == "__main__":
    from workers.__main__ import main

    main([STAGE.name])
