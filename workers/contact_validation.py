"""Contact validation: every check of every person; who is invalid is left out of the files."""

from app.judging import counted
from app.pipeline.outcomes import Done, Outcome, Records, Review, Skip
from app.pipeline.stage import Stage, Work
from app.tools import Tools


async def handle(work: Work, tools: Tools) -> Outcome:
    """A company goes on with the people that hold, if they are enough. It waits for a person where
    those in doubt would make them enough."""
    assert work.company is not None
    judgements = await tools.judge.contacts(work.run, work.company)
    records = Records(judgements=judgements)
    counts = counted(judgements)
    result = {"counts": counts}
    least = work.run.request.contacts_min
    if counts["valid"] >= least:
        return Done(records, result)
    said = "; ".join(dict.fromkeys(each.sentence() for each in judgements if each.cause))
    reason = f"{counts['valid']} of {counts['total']} people hold, {least} asked for"
    reason += f": {said}" if said else ""
    if counts["valid"] + counts["review"] >= least:
        return Review("contacts_in_review", reason, records, result)
    return Skip("too_few_valid_contacts", reason, records, result)


STAGE = Stage(
    name="contact_validation",
    number=7,
    unit="company",
    needs=("contact_research",),
    handle=handle,
    summary="checks the people: valid, invalid, or for review",
    reads=("contacts_min",),
)

if __name__ == "__main__":
    from workers.__main__ import main

    main([STAGE.name])
