"""Discovery: sources -> companies, in batches, until the target is met or the sources end."""

from app.pipeline.outcomes import Done, Found, Outcome, Records
from app.pipeline.stage import Stage, Work
from app.tools import Tools


async def handle(work: Work, tools: Tools) -> Outcome:
    """Bring the next companies. The cursor says which source is read, and from where."""
    sources = tools.sources(work.run)
    cursor = work.input.get("cursor") or {"source": 0, "offset": 0}
    index, offset = cursor["source"], cursor["offset"]
    found: list[Found] = []
    while index < len(sources) and len(found) < work.input["size"]:
        missing = work.input["size"] - len(found)
        batch = await sources[index].batch(work.run.request.criteria, offset, missing, tools.now())
        found += batch.found
        index, offset = (index + 1, 0) if batch.exhausted else (index, batch.next_offset)
    return Done(
        Records(found=tuple(found)),
        {
            "found": len(found),
            "cursor": {"source": index, "offset": offset},
            "exhausted": index == len(sources),
        },
    )


STAGE = Stage(
    name="discovery",
    number=3,
    unit="run",
    needs=("intake",),
    handle=handle,
    summary="sources -> companies, in batches",
    timeout=600,
    batches=True,
)

if __name__ == "__main__":
    from workers.__main__ import main

    main([STAGE.name])
