"""Intake: can the sources be read, as the run asks? Nothing else starts before one of them can."""

from app.pipeline.outcomes import Done, Fail, Outcome
from app.pipeline.reading import Reading
from app.pipeline.retry import failure_of
from app.pipeline.stage import Stage, Work
from app.tools import Tools


async def handle(work: Work, tools: Tools) -> Outcome:
    """Check every source. One that is bad is noted, and discovery passes over it; when all are, the
    run ends with their reasons, at once unless one is away only for now."""
    opened = tools.sources(work.run)
    failures: dict[int, Fail] = {}
    for index, each in enumerate(opened):
        try:
            await each.source.check(work.run.request.criteria)
        except Exception as error:
            failures[index] = failure_of(error)
    reading = Reading.begun([(each.name, each.licence) for each in opened])
    for index, failure in failures.items():
        reading.index = index
        reading.fail(failure.reason)
    if len(failures) == len(opened):
        reason = "; ".join(reading.notes())
        temporary = any(failure.temporary for failure in failures.values())
        return Fail(failures[0].cause, reason, temporary=temporary)
    result = reading.result()
    return Done(result={"sources": result["sources"], "notes": result["notes"]})


STAGE = Stage(
    name="intake",
    number=0,
    unit="run",
    needs=(),
    handle=handle,
    summary="checks criteria and sources",
    timeout=600,
    reads=("sources", "column_map"),
)

if __name__ == "__main__":
    from workers.__main__ import main

    main([STAGE.name])
