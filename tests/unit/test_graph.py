"""The stage graph is computed from declarations, and refuses what cannot run."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import ConfigError, UnknownName
from app.pipeline.graph import Graph
from app.pipeline.outcomes import Done, Outcome
from app.pipeline.stage import Stage, Work
from app.wiring import load_graph
from tests.factories import a_stage


async def _nothing(work: Work, tools: Any) -> Outcome:
    return Done()


def _stage(name: str, number: int, *needs: str, unit: str = "run") -> Stage:
    return a_stage(name, number, _nothing, needs, unit=unit)


def test_the_stages_in_workers_make_this_graph() -> None:
    drawn = [(stage.number, stage.name, stage.unit, stage.needs) for stage in load_graph()]

    assert drawn == [
        (0, "intake", "run", ()),
        (1, "context", "run", ("intake",)),
        (2, "plan", "run", ("intake", "context")),
        (3, "discovery", "run", ("plan",)),
        (4, "company_research", "company", ("discovery",)),
        (5, "company_validation", "company", ("company_research",)),
        (6, "contact_research", "company", ("company_validation",)),
        (7, "contact_validation", "company", ("contact_research",)),
        (8, "readiness", "company", ("company_validation", "contact_validation")),
        (9, "export", "run", ("readiness",)),
        (10, "package", "run", ("export",)),
        (11, "outreach", "message", ("export",)),
    ]


def test_a_company_flows_to_the_stage_that_follows_and_not_beyond() -> None:
    graph = Graph.of(
        [
            _stage("discovery", 3),
            _stage("research", 4, "discovery", unit="company"),
            _stage("validation", 5, "research", unit="company"),
            _stage("readiness", 8, "research", "validation", unit="company"),
            _stage("export", 9, "readiness"),
        ]
    )

    followers = {stage.name: [each.name for each in graph.after(stage)] for stage in graph}

    assert followers == {
        "discovery": ["research"],
        "research": ["validation"],
        "validation": ["readiness"],
        "readiness": [],
        "export": [],
    }


def test_a_stage_is_found_by_number_or_name_and_a_near_name_is_suggested() -> None:
    graph = Graph.of([_stage("discovery", 3)])

    assert graph["3"] is graph["discovery"]
    with pytest.raises(UnknownName, match="did you mean 'discovery'"):
        graph["discovry"]


def test_a_need_that_is_no_stage_is_refused_with_the_near_name() -> None:
    with pytest.raises(UnknownName, match="did you mean 'intake'"):
        Graph.of([_stage("intake", 0), _stage("discovery", 3, "intak")])


def test_a_cycle_is_refused_and_drawn() -> None:
    with pytest.raises(ConfigError, match="in a circle"):
        Graph.of([_stage("a", 1, "b"), _stage("b", 2, "a")])


def test_a_number_given_twice_is_refused() -> None:
    with pytest.raises(ConfigError, match="same number"):
        Graph.of([_stage("a", 1), _stage("b", 1)])


def test_a_company_stage_that_would_wait_for_two_is_refused() -> None:
    with pytest.raises(ConfigError, match="exactly one stage"):
        Graph.of([_stage("a", 1), _stage("b", 2), _stage("c", 3, "a", "b", unit="company")])


@given(st.lists(st.sets(st.integers(0, 9), max_size=4), min_size=1, max_size=10))
def test_every_stage_comes_after_all_that_it_needs(needs: list[set[int]]) -> None:
    stages = [
        _stage(f"s{n}", n, *(f"s{need}" for need in sorted(earlier) if need < n))
        for n, earlier in enumerate(needs)
    ]

    graph = Graph.of(stages)

    order = [stage.name for stage in graph]
    for stage in graph:
        assert all(order.index(need) < order.index(stage.name) for need in stage.needs)
        assert {each.name for each in graph.downstream(stage.name)} == {
            other.name for other in graph if stage.name in graph.upstream(other.name)
        }


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["a", "b", "c"], "all"),
        (["a", "b"], "all but c"),
        (["b"], "b"),
        (["a", "b", "z"], "a, b, z"),
    ],
)
def test_served_stages_are_said_in_few_words(names: list[str], text: str) -> None:
    graph = Graph.of(a_stage(name, n, _nothing, unit="run") for n, name in enumerate("abc"))

    assert graph.describe(names) == text
