"""--only, --stop-after and --skip: what they mean, and what is refused before anything starts."""

from typing import Any

import pytest

from app.errors import InputError
from app.pipeline.graph import Graph
from app.pipeline.outcomes import Done, Outcome
from app.pipeline.phases import Phases, choose
from app.pipeline.stage import Work
from tests.factories import a_stage


async def _nothing(work: Work, tools: Any) -> Outcome:
    return Done()


GRAPH = Graph.of(
    [
        a_stage("intake", 0, _nothing, unit="run"),
        a_stage("context", 1, _nothing, ["intake"], unit="run", critical=False),
        a_stage("discovery", 3, _nothing, ["intake", "context"], unit="run", batches=True),
        a_stage("research", 4, _nothing, ["discovery"]),
        a_stage("validation", 5, _nothing, ["research"]),
        a_stage("people", 6, _nothing, ["validation"]),
        a_stage("people_validation", 7, _nothing, ["people"]),
        a_stage("readiness", 8, _nothing, ["validation", "people_validation"]),
        a_stage("export", 9, _nothing, ["readiness"], unit="run"),
        a_stage("package", 10, _nothing, ["export"], unit="run", off=True),
    ]
)
ROUTE = tuple(stage.name for stage in GRAPH if not stage.off)


def _status(**given: str) -> dict[str, str]:
    """Everything is complete up to what is given."""
    status = {stage.name: "skipped" if stage.off else "pending" for stage in GRAPH}
    for name in ROUTE:
        if name in given:
            break
        status[name] = "complete"
    return status | given


def test_without_a_word_a_run_goes_through_all_that_is_not_switched_off() -> None:
    choice = choose(GRAPH, {}, Phases())

    assert (choice.route, choice.held, choice.said) == (ROUTE, (), ())


@pytest.mark.parametrize("stage", ["3", "discovery"])
def test_stop_after_holds_all_that_comes_later(stage: str) -> None:
    choice = choose(GRAPH, {}, Phases(stop_after=stage))

    assert choice.held == ROUTE[3:]


def test_only_holds_all_others() -> None:
    choice = choose(GRAPH, _status(validation="pending"), Phases(only=("5",)))

    assert set(ROUTE) - set(choice.held) == {"validation"}


def test_a_skip_says_what_it_frees_and_what_it_starves() -> None:
    choice = choose(GRAPH, {}, Phases(skip=("people", "7"), force=True))

    assert choice.route == tuple(n for n in ROUTE if n not in ("people", "people_validation"))
    assert choice.said == (
        "skip people: frees nothing; starves readiness and export",
        "skip people_validation: frees readiness (now after validation);"
        " starves readiness and export",
    )


def test_what_is_not_critical_starves_nobody() -> None:
    choice = choose(GRAPH, {}, Phases(skip=("context",)))

    assert choice.said == ("skip context: frees discovery (now after intake); starves nothing",)


def test_whoever_follows_a_skipped_stage_follows_the_one_before_it() -> None:
    route = choose(GRAPH, {}, Phases(skip=("validation", "people_validation"), force=True)).route

    own = GRAPH.only(route)

    assert own["people"].needs == ("research",)
    assert own["readiness"].needs == ("research", "people")
    assert own.before(own["readiness"]).name == "people"


@pytest.mark.parametrize(
    ("phases", "status", "sentence"),
    [
        (Phases(only=("readiness",)), {},
         "readiness needs validation and people_validation to be complete first"),
        (Phases(only=("4", "6")), _status(research="pending"),
         "people needs validation to be complete first"),
        (Phases(skip=("people",)), {},
         "people_validation, readiness and export would go without people: skip them too, or say"
         " --force to skip it all the same"),
        (Phases(skip=("research",), force=True), _status(research="running"),
         "stage research is running and cannot become skipped; it can become: complete, failed"),
        (Phases(only=("5",), skip=("context",)), {}, "--only leaves out every other stage"),
        (Phases(stop_after="discovery"), _status(people="pending"),
         "discovery is complete already; to do it again: sluice rerun RUN STAGE"),
        (Phases(only=("package",)), {}, "package is skipped in this run"),
        (Phases(stop_after="context", skip=("context",)), {}, "context is skipped in this run"),
        (Phases(stop_after="reserch"), {}, "did you mean 'research'"),
        (Phases(skip=("17",)), {}, "unknown stage '17'"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_a_sentence(
    phases: Phases, status: dict[str, str], sentence: str
) -> None:
    with pytest.raises(InputError) as refused:
        choose(GRAPH, status, phases)

    assert sentence in str(refused.value)
