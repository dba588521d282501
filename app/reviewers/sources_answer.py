"""The sources answer."""

from app.pipeline.plan import Deficiency, Known, Plan
from app.records.run import RunRequest
from app.reviewers import Vote


def review(plan: Plan, request: RunRequest, known: Known) -> Vote:
    """RETRY without those that do not; FAIL when none does."""
    silent = [each for each in plan.supplies if each.error]
    if not silent:
        counted = all(each.count is not None for each in plan.supplies)
        return Vote("PASS", 1.0 if counted else 0.6)
    found = tuple(
        Deficiency(f"{each.source} does not answer: {each.error}", "drop_source", each.source)
        for each in silent
    )
    return Vote("FAIL" if len(silent) == len(plan.supplies) else "RETRY", 0.9, found)


REVIEWER = review
