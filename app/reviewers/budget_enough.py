"""The budget is enough, by what companies cost in earlier runs."""

from app.pipeline.plan import Deficiency, Known, Plan
from app.records.run import RunRequest
from app.reviewers import Vote


def review(plan: Plan, request: RunRequest, known: Known) -> Vote:
    """RETRY with as many companies as it pays for; FAIL when it pays for none of them."""
    budget = request.budget.run
    if budget is None or not plan.likely.cost:
        return Vote("PASS", 1.0)
    if plan.likely.cost <= budget:
        return Vote("PASS", 0.9 if plan.high.cost <= budget else 0.6)
    affordable = int(float(budget) / known.company_cost * plan.likely.share)
    reason = f"the budget of {budget} pays for about {affordable} of {plan.asked} companies"
    if affordable < 1:
        return Vote("FAIL", 0.8, (Deficiency(reason),))
    return Vote("RETRY", 0.8, (Deficiency(reason, "lower_quantity", str(affordable)),))


REVIEWER = review
