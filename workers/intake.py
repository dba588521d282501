"""Intake: can the sources be read, as the run asks? Nothing else starts before they can."""

from app.pipeline.outcomes import Done, Outcome
from app.pipeline.stage import Stage, Work
from app.tools import Tools


async def handle(work: Work, tools: Tools) -> Outcome:
    """Check every source. A bad one raises InputError, which ends the run with its reason."""
    for source in tools.sources(work.run):
        await source.check(work.run.request.criteria)
    return Done(result={"sources": list(work.run.request.sources)})


STAGE = Stage(
    name="intake",
    number=0,
    unit="run",
    needs=(),
    handle=handle,
    summary="checks criteria and sources",
    timeout=600,
)

if __name__ == "__main__":
    from workers.__main__ import main

    main([STAGE.name])
