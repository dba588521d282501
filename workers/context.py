"""Context: gathers what is known. Without it the run goes on, and says so."""

from app.pipeline.outcomes import Done, Fail, Outcome, Records
from app.pipeline.stage import Stage, Work
from app.tools import Tools


async def handle(work: Work, tools: Tools) -> Outcome:
    """ICP profile, notes, earlier research of the same sources, size of the suppression list."""
    try:
        items, left_out = await tools.library.gather(work.run)
    except OSError as error:
        folder = work.run.request.notes_dir
        return Fail("io_error", f"notes {folder}: {error.strerror or error}", temporary=False)
    kinds = [each.kind for each in items]
    counts = {"total": len(kinds)} | {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
    notes = [f"context: {each}" for each in left_out]
    return Done(Records(context=tuple(items)), {"counts": counts, "notes": notes})


STAGE = Stage(
    name="context",
    number=1,
    unit="run",
    needs=("intake",),
    handle=handle,
    summary="ICP profile, notes, earlier research, suppression list",
    critical=False,
)

if __name__ == "__main__":
    from workers.__main__ import main

    main([STAGE.name])
