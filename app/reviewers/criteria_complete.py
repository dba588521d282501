"""The criteria say enough for the sources that are asked."""

from app.pipeline.plan import Deficiency, Known, Plan
from app.records.run import RunRequest
from app.reviewers import Vote


def review(plan: Plan, request: RunRequest, known: Known) -> Vote:
    """RETRY where a service that has the whole world is asked for no place and no category. Lists
    and extracts need no criteria."""
    criteria = request.criteria
    placed = criteria.country or criteria.state or criteria.city
    wide = [each.source for each in plan.supplies if not each.own and each.count is None]
    if wide and not placed and not criteria.category:
        reason = f"the criteria name neither place nor category: {wide[0]} brings whatever it has"
        return Vote("RETRY", 0.9, (Deficiency(reason),))
    return Vote("PASS", 0.9)


REVIEWER = review
