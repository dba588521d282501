"""Company validation: every check of the company record; valid, invalid, or for a person."""

from app.judging import counted
from app.pipeline.outcomes import Done, Outcome, Records, Review, Skip
from app.pipeline.stage import Stage, Work
from app.tools import Tools


async def handle(work: Work, tools: Tools) -> Outcome:
    """A company that a check calls invalid is out; one in doubt waits for a person."""
    assert work.company is not None
    judgement = await tools.judge.company(work.run, work.company)
    records = Records(judgements=(judgement,))
    result = {"counts": counted([judgement])}
    match judgement.verdict:
        case "invalid":
            return Skip(judgement.cause, judgement.sentence(), records, result)
        case "review":
            return Review(judgement.cause, judgement.sentence(), records, result)
    return Done(records, result)


STAGE = Stage(
    name="company_validation",
    number=5,
    unit="company",
    needs=("company_research",),
    handle=handle,
    summary="checks the company record: valid, invalid, or for review",
    reads=("criteria",),
)

if __name__ == "__main__":
    from workers.__main__ import main

    main([STAGE.name])
