"""The stage graph, computed from what the files in `workers/` declare."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter

from app.errors import ConfigError, UnknownName
from app.pipeline.stage import Stage


@dataclass(frozen=True, slots=True)
class Graph:
    """Stages in the order in which they run."""

    stages: tuple[Stage, ...]

    @classmethod
    def of(cls, stages: Iterable[Stage]) -> "Graph":
        """Order and check. Raises UnknownName for a need that is no stage, ConfigError for a cycle,
        a number given twice, or a company stage that would have to wait for two others."""
        by_name = {stage.name: stage for stage in sorted(stages, key=lambda stage: stage.number)}
        for stage in by_name.values():
            for need in stage.needs:
                if need not in by_name:
                    raise UnknownName(f"need of stage {stage.name}", need, by_name)
        graph = cls(tuple(by_name[name] for name in _sorted(by_name)))
        graph._check()
        return graph

    def __iter__(self) -> Iterator[Stage]:
        return iter(self.stages)

    def __getitem__(self, name: str) -> Stage:
        """The stage of this name or number. Raises UnknownName with the nearest name."""
        if stage := self.find(name):
            return stage
        raise UnknownName("stage", name, [stage.name for stage in self.stages])

    def find(self, name: str) -> Stage | None:
        """The stage of this name or number, or None."""
        return next((each for each in self if name in (each.name, str(each.number))), None)

    def only(self, names: Collection[str]) -> "Graph":
        """The graph of these stages alone. Who needs one that is left out needs what that one
        needs. Names that are no stage here (of another version) are passed over."""
        stages: list[Stage] = []
        instead: dict[str, tuple[str, ...]] = {}
        for stage in self.stages:
            needs = [n for need in stage.needs for n in instead.get(need, (need,))]
            needs = list(dict.fromkeys(needs))
            if stage.name not in names:
                instead[stage.name] = tuple(needs)
            else:
                stages.append(replace(stage, needs=tuple(needs)))
        return Graph(tuple(stages))

    def describe(self, names: Collection[str]) -> str:
        """These stages for a person: "all", "all but export", or one after the other."""
        left = [stage.name for stage in self if stage.name not in names]
        if len(left) * 2 > len(self.stages) or not set(names) <= {stage.name for stage in self}:
            return ", ".join(names)
        return f"all but {', '.join(left)}" if left else "all"

    def upstream(self, name: str) -> frozenset[str]:
        """All stages that `name` needs, directly or through others."""
        needs = self[name].needs
        return frozenset(needs).union(*(self.upstream(need) for need in needs))

    def downstream(self, name: str) -> tuple[Stage, ...]:
        """All stages that need `name`, directly or through others, in order."""
        return tuple(stage for stage in self.stages if name in self.upstream(stage.name))

    def after(self, stage: Stage) -> tuple[Stage, ...]:
        """The company stages that a company enters when `stage` is done with it."""
        return tuple(
            follower
            for follower in self.stages
            if follower.unit == "company" and stage.name in self._nearest(follower)
        )

    def before(self, stage: Stage) -> Stage:
        """The stage that a company stage follows."""
        [name] = self._nearest(stage)
        return self[name]

    def _nearest(self, stage: Stage) -> frozenset[str]:
        """The needs of `stage` that no other need of it needs already."""
        beyond = frozenset[str]().union(*(self.upstream(need) for need in stage.needs))
        return frozenset(stage.needs) - beyond

    def _check(self) -> None:
        numbers = [stage.number for stage in self.stages]
        if len(set(numbers)) != len(numbers):
            raise ConfigError("two stages have the same number; see workers/README.md")
        for stage in self.stages:
            if stage.unit == "company" and len(self._nearest(stage)) != 1:
                raise ConfigError(
                    f"stage {stage.name} works on companies and must follow exactly one stage"
                )


def _sorted(by_name: dict[str, Stage]) -> list[str]:
    sorter = TopologicalSorter({name: stage.needs for name, stage in by_name.items()})
    try:
        sorter.prepare()
    except CycleError as error:
        raise ConfigError(
            f"stages need each other in a circle: {' -> '.join(error.args[1])}"
        ) from None
    order: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=lambda name: by_name[name].number)
        order += ready
        sorter.done(*ready)
    return order
