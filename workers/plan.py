"""Plan: what the sources hold, what comes of it, what it takes; reviewers vote on it."""

from app.pipeline.gap import first_batch
from app.pipeline.outcomes import Done, Outcome, Review
from app.pipeline.stage import Stage, Work
from app.tools import Tools


async def handle(work: Work, tools: Tools) -> Outcome:
    """A plan that a reviewer fails waits for a person; warnings are noted with the run."""
    opened = tools.sources(work.run)
    batch = first_batch(work.run.request.target_quantity)
    planned = await tools.planner.plan(work.run.request, opened, batch, work.run.id)
    result = planned.summary()
    if planned.refused:
        return Review("plan_refused", planned.refused, result=result)
    return Done(result=result | {"notes": [f"plan: {each}" for each in planned.plan.warnings]})


STAGE = Stage(
    name="plan",
    number=2,
    unit="run",
    needs=("intake", "context"),
    handle=handle,
    summary="sources, batches, yield, time and cost; reviewers vote",
    timeout=600,
    reads=("criteria", "sources"),
)

if __name__ == "__main__":
    from workers.__main__ import main

    main([STAGE.name])
