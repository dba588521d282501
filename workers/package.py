"""Package: declared and switched off. Export writes the CSVs by itself."""

from app.pipeline.outcomes import Done, Outcome
from app.pipeline.stage import Stage, Work
from app.tools import Tools


async def handle(work: Work, tools: Tools) -> Outcome:
    """Nothing to do."""
    return Done()


STAGE = Stage(
    name="package",
    number=10,
    unit="run",
    needs=("export",),
    handle=handle,
    summary="XLSX, HTML, PDF, PPTX from the snapshot",
    off=True,
)

if __name__ == "__main__":
    from workers.__main__ import main

    main([STAGE.name])
