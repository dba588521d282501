"""Readiness: ready for outreach or not, with reasons."""

from app.judging import Standing
from app.pipeline.outcomes import Done, Outcome, Skip
from app.pipeline.stage import Stage, Work
from app.tools import Tools


async def handle(work: Work, tools: Tools) -> Outcome:
    """Not ready where a verdict stands against it, or nobody can be reached in any way."""
    assert work.company is not None
    standing = await tools.judge.standing(work.company.id)
    missing = _missing(standing, work.run.request.contacts_min)
    counts = {"total": 1, "ready": int(not missing), "not_ready": int(bool(missing))}
    if missing:
        return Skip("not_ready", "; ".join(missing), result={"counts": counts})
    return Done(result={"counts": counts, "usable": standing.usable})


def _missing(standing: Standing, contacts_min: int) -> list[str]:
    missing = []
    if standing.verdict not in ("", "valid"):
        missing.append(f"the company is {standing.verdict}")
    if standing.icp_fit is False:
        missing.append("it does not fit what was asked for")
    if standing.usable < contacts_min:
        missing.append(f"{standing.usable} contacts hold, {contacts_min} asked for")
    if not (standing.reachable or standing.has_phone or standing.has_email):
        missing.append("no e-mail, phone or profile is known, of nobody there")
    return missing


STAGE = Stage(
    name="readiness",
    number=8,
    unit="company",
    needs=("company_validation", "contact_validation"),
    handle=handle,
    summary="ready or not ready for outreach, with reasons",
    reads=("contacts_min",),
)

if __name__ == "__main__":
    from workers.__main__ import main

    main([STAGE.name])
