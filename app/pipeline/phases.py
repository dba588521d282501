"""How far a run goes, and which stages it leaves out: --only, --stop-after, --skip."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.errors import InputError
from app.pipeline.graph import Graph
from app.pipeline.stage import Stage
from app.pipeline.states import SETTLED_STAGE, STAGE_MOVES, check_move
from app.records.run import Run


@dataclass(frozen=True, slots=True)
class Phases:
    """What a person said; stages by name or number. `force`: skip what other stages need."""

    only: tuple[str, ...] = ()
    stop_after: str = ""
    skip: tuple[str, ...] = ()
    force: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """The stages of a run in order, those that wait until it is resumed, and what to tell."""

    route: tuple[str, ...]
    held: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


def choose(graph: Graph, status: Mapping[str, str], phases: Phases) -> Choice:
    """What the words mean for a run whose stages are in these states (without any: a new run).

    Raises UnknownName, and InputError for words that contradict each other, a skip that others
    need, a stage whose needs are not complete, and nothing left to do.
    """
    known = {stage.name: "skipped" if stage.off else "pending" for stage in graph}
    status = dict(status) or known
    if phases.only and (phases.stop_after or phases.skip):
        raise InputError("--only leaves out every other stage: say it without --stop-after, --skip")
    own = graph.only([name for name in status if status[name] != "skipped"])
    skip = _named(graph, phases.skip)
    _check_skip(own, status, skip, force=phases.force)
    left = own.only([stage.name for stage in own if stage.name not in skip])
    route = tuple(stage.name for stage in left)
    only = _named(graph, phases.only)
    for name in (*only, *_named(graph, (phases.stop_after,))):
        if name not in route:
            raise InputError(f"{name} is skipped in this run")
    for name in only:
        require(left, status, name, besides=only)
    held = _held(route, only, _named(graph, (phases.stop_after,)))
    if held and all(settled(stage, status) for stage in left if stage.name not in held):
        done = listed(only or (_named(graph, (phases.stop_after,))))
        raise InputError(f"{done} is complete already; to do it again: sluice rerun RUN STAGE")
    return Choice(route, held, _consequences(own, left, skip))


def require(
    graph: Graph,
    status: Mapping[str, str],
    name: str,
    *,
    besides: Collection[str] = (),
    flowing: bool = False,
) -> None:
    """Raise InputError unless all that a stage needs is complete, or is done `besides`; `flowing`:
    or at work, where companies flow on by themselves."""
    flows = flowing and graph[name].unit == "company"
    missing = [
        need
        for need in graph[name].needs
        if need not in besides
        and not settled(graph[need], status)
        and not (flows and status[need] == "running")
    ]
    if missing:
        raise InputError(f"{name} needs {listed(missing)} to be complete first")


def settled(stage: Stage, status: Mapping[str, str]) -> bool:
    """Whether others need not wait for this stage any more."""
    state = status[stage.name]
    return state in SETTLED_STAGE or (state == "failed" and not stage.critical)


def listed(names: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def failure(stage: str, error: str | None) -> str:
    """What is noted with a run that ended because a stage failed."""
    return f"stage {stage} failed: {error}"


def stopped(run: Run) -> str:
    """What is noted with a run that was stopped where a person asked for it."""
    first = next(name for name in run.route if name in run.held)
    return f"stopped before {first}, as asked; go on with: sluice resume {run.short_id}"


def _named(graph: Graph, given: Sequence[str]) -> tuple[str, ...]:
    """Names in the order of the graph, each once."""
    names = {graph[each.strip()].name for each in given if each.strip()}
    return tuple(stage.name for stage in graph if stage.name in names)


def _held(route: Sequence[str], only: Sequence[str], last: Sequence[str]) -> tuple[str, ...]:
    if only:
        return tuple(name for name in route if name not in only)
    return tuple(route[route.index(last[0]) + 1 :]) if last else ()


def _check_skip(
    own: Graph, status: Mapping[str, str], skip: Collection[str], *, force: bool
) -> None:
    for name in skip:
        if (state := status.get(name, "skipped")) != "skipped":
            check_move(f"stage {name}", STAGE_MOVES, state, "skipped")
    for stage in own:
        if stage.name in skip and not force and (starved := _starved(own, stage, skip)):
            raise InputError(
                f"{listed(starved)} would go without {stage.name}:"
                " skip them too, or say --force to skip it all the same"
            )


def _starved(own: Graph, stage: Stage, skip: Collection[str]) -> list[str]:
    """Stages that need this one, directly or through others, and are not skipped with it. Nothing
    needs what is not critical."""
    names = {stage.name} if stage.critical else set()
    for each in own:
        if names & set(each.needs):
            names.add(each.name)
    return [each.name for each in own if each.name in names and each.name not in skip]


def _consequences(own: Graph, left: Graph, skip: Collection[str]) -> tuple[str, ...]:
    said = []
    for stage in own:
        if stage.name in skip:
            freed = [
                f"{each.name} (now after {listed(each.needs) or 'nothing'})"
                for each in left
                if stage.name in own[each.name].needs
            ]
            starved = listed(_starved(own, stage, skip))
            frees = f"frees {listed(freed)}" if freed else "frees nothing"
            said.append(f"skip {stage.name}: {frees}; starves {starved or 'nothing'}")
    return tuple(said)
