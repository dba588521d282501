"""Outreach: declared and switched off. Nothing is sent."""

from app.pipeline.outcomes import Done, Outcome
from app.pipeline.stage import Stage, Work
from app.tools import Tools


async def handle(work: Work, tools: Tools) -> Outcome:
    """Nothing to do."""
    return Done()


STAGE = Stage(
    name="outreach",
    number=11,
    unit="message",
    needs=("export",),
    handle=handle,
    summary="e-mail, CRM, social; dry run by default",
    off=True,
)

if __name__ == "__main__":
    from workers.__main__ import main

    main([STAGE.name])
