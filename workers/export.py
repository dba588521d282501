"""Export: freezes the snapshot and writes the CSVs, all or nothing."""

from app.pipeline.outcomes import Done, Outcome
from app.pipeline.stage import Stage, Work
from app.tools import Tools


async def handle(work: Work, tools: Tools) -> Outcome:
    """Write the files. A failure raises ExportFailed; the records stay."""
    artifacts = await tools.package(work.run, work.item_id)
    return Done(
        result={each.kind: {"path": str(each.path), "rows": each.rows} for each in artifacts}
    )


STAGE = Stage(
    name="export",
    number=9,
    unit="run",
    needs=("readiness",),
    handle=handle,
    summary="freezes the snapshot, writes the CSVs",
    timeout=1800,
    reads=("target_quantity", "contacts_min", "contacts_max", "with_evidence"),
)

if __name__ == "__main__":
    from workers.__main__ import main

    main([STAGE.name])
