"""A plan says low, likely and high; reviewers vote, what they name is mended, and nothing ordinary
is refused."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import registry
from app.clock import SystemClock
from app.pipeline.plan import Deficiency, Known, Plan, Supply, make_plan
from app.planning import ROUNDS, Planned, Planner
from app.records.budget import Budget
from app.records.criteria import Criteria
from app.records.run import RunRequest
from app.reviewers import Reviewer, Vote
from app.settings import Settings
from tests.factories import a_request

NONE: Any = None


def _reviewed(
    asked: int,
    *supplies: Supply,
    known: Known = Known(),  # noqa: B008
    reviewers: Mapping[str, Reviewer] | None = None,
    **request: Any,
) -> Planned:
    every = registry.load_all("app.reviewers", "REVIEWER") if reviewers is None else reviewers
    planner = Planner(NONE, SystemClock(), Settings(), every)
    plan = make_plan(asked, supplies, known, 10)
    return planner.review(plan, a_request(target_quantity=asked, **request), known)


LIST = Supply("csv_file:list.csv", 100, exact=True)


def test_a_plan_gives_three_outlooks_within_what_the_sources_hold() -> None:
    plan = _reviewed(50, LIST).plan

    assert [one.companies for one in (plan.low, plan.likely, plan.high)] == [100, 72, 50]
    assert [one.delivered for one in (plan.low, plan.likely, plan.high)] == [40, 50, 50]
    assert (plan.likely.pages, plan.likely.seconds, plan.likely.cost) == (360, 22.5, 0)
    assert plan.batches == 8


@given(
    st.integers(1, 10_000),
    st.lists(st.tuples(st.integers(0, 5000), st.booleans()), min_size=1, max_size=4),
    st.integers(0, 500),
    st.floats(0, 5),
)
def test_an_outlook_never_promises_more_than_was_asked_or_than_there_is(
    asked: int, counts: list[tuple[int, bool]], passed: int, cost: float
) -> None:
    supplies = [Supply(f"s{n}", count, exact) for n, (count, exact) in enumerate(counts)]

    planned = _reviewed(asked, *supplies, known=Known(500, passed, cost))

    plan, held = planned.plan, sum(count for count, _ in counts)
    for one in (plan.low, plan.likely, plan.high):
        assert one.delivered <= min(asked, one.companies)
        assert one.companies <= held or not all(exact for _, exact in counts)
    assert plan.low.delivered <= plan.likely.delivered <= plan.high.delivered
    assert not planned.refused


def test_an_ordinary_run_passes_at_once() -> None:
    planned = _reviewed(50, LIST)

    assert [set(each.votes) for each in planned.rounds] == [
        {"budget_enough", "criteria_complete", "not_a_repeat", "quantity_reachable",
         "sources_answer"}]  # fmt: skip
    assert (planned.plan.warnings, planned.refused) == ((), "")


def test_a_short_list_is_planned_short_with_a_warning() -> None:
    planned = _reviewed(50, Supply("csv_file:list.csv", 12, exact=True))

    assert planned.plan.quantity == 12
    assert planned.plan.warnings == ("50 asked, the sources hold 12 that may match",)
    assert [each.votes["quantity_reachable"].answer for each in planned.rounds] == ["RETRY", "PASS"]


def test_a_source_that_does_not_answer_is_left_out_of_the_plan() -> None:
    planned = _reviewed(50, Supply("osm", error="timed out"), LIST)

    assert [each.source for each in planned.plan.supplies] == ["csv_file:list.csv"]
    assert planned.plan.warnings == ("osm does not answer: timed out",)


def test_a_plan_without_any_source_that_answers_is_refused() -> None:
    planned = _reviewed(50, Supply("osm", error="timed out"))

    assert planned.refused == "osm does not answer: timed out"


@pytest.mark.parametrize(
    ("budget", "quantity", "refused"), [("100", 50, False), ("10", 7, False), ("0.5", 50, True)]
)
def test_a_budget_decides_how_many_companies_are_aimed_at(
    budget: str, quantity: int, refused: bool
) -> None:
    known = Known(tried=100, passed=70, company_cost=1.0)

    planned = _reviewed(50, LIST, known=known, budget=Budget(Decimal(budget)))

    assert (planned.plan.quantity, bool(planned.refused)) == (quantity, refused)


def test_a_repeat_and_wide_criteria_are_warned_of_once_and_go_on() -> None:
    planned = _reviewed(50, Supply("wikidata", own=False), known=Known(same=("abcd of today",)))

    assert planned.plan.warnings == (
        "the criteria name neither place nor category: wikidata brings whatever it has",
        "run abcd of today asked for the same",
    )
    assert len(planned.rounds) == 1


def test_the_planner_mends_three_times_and_then_goes_on_with_a_warning() -> None:
    def never_content(plan: Plan, request: RunRequest, known: Known) -> Vote:
        fewer = Deficiency("still too many", "lower_quantity", str(plan.quantity - 1))
        return Vote("RETRY", 0.5, (fewer,))

    planned = _reviewed(50, LIST, reviewers={"never_content": never_content})

    assert len(planned.rounds) == 1 + ROUNDS
    assert (planned.plan.quantity, planned.refused) == (50 - ROUNDS, "")
    assert planned.plan.warnings == ("still too many",)


def test_criteria_that_name_a_place_are_enough_for_a_source_of_the_world() -> None:
    planned = _reviewed(5, Supply("wikidata", own=False), criteria=Criteria(country="US"))

    assert planned.plan.warnings == ()
