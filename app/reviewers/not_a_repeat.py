"""No earlier run asked for the same."""

from app.pipeline.plan import Deficiency, Known, Plan
from app.records.run import RunRequest
from app.reviewers import Vote


def review(plan: Plan, request: RunRequest, known: Known) -> Vote:
    """RETRY, which cannot be mended and so becomes a warning: to repeat may be what is wanted."""
    if known.same:
        return Vote("RETRY", 0.7, (Deficiency(f"run {known.same[0]} asked for the same"),))
    return Vote("PASS", 1.0)


REVIEWER = review
