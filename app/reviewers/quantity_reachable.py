"""The sources hold as many companies as are asked for."""

from app.pipeline.plan import Deficiency, Known, Plan
from app.records.run import RunRequest
from app.reviewers import Vote


def review(plan: Plan, request: RunRequest, known: Known) -> Vote:
    """RETRY with what there is; never FAIL: a short list is delivered short."""
    available = plan.available
    if available is None or not plan.exact:
        return Vote("PASS", 0.5)
    if available < plan.quantity:
        reason = f"{plan.asked} asked, the sources hold {available} that may match"
        return Vote("RETRY", 0.95, (Deficiency(reason, "lower_quantity", str(available)),))
    return Vote("PASS", 0.9 if plan.likely.delivered >= plan.quantity else 0.6)


REVIEWER = review
