"""What a person does to a run: stop it somewhere, skip stages, do some again, let it go on.

Every operation is one transaction that holds the run as a whole: nothing is settled for it
meanwhile. The moves themselves are the orchestrator's.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from app.db.pool import Connection, Database
from app.db.queries import query
from app.db.requests import pack_request, unpack_run
from app.errors import InputError, RunNotFound
from app.events import add_event
from app.orchestrator import Orchestrator
from app.pipeline.graph import Graph
from app.pipeline.phases import Choice, Phases, choose, listed, require, stopped
from app.pipeline.reads import changed, read_of
from app.pipeline.stage import Stage
from app.pipeline.states import ITEM_STATES, STAGE_MOVES, check_move
from app.records.run import Run, RunRequest

_ANYWHERE = Phases()


@dataclass(frozen=True, slots=True)
class Marked:
    """What is to be done again: stages in order, and how many companies go through the first."""

    stages: tuple[str, ...]
    companies: int
    reason: str

    def sentence(self) -> str:
        """What is done again, and why."""
        many = "y" if self.companies == 1 else "ies"
        of = f" for {self.companies} compan{many}" if self.companies else ""
        return f"{self.reason}: {listed(self.stages)} again{of}"


@dataclass(frozen=True, slots=True)
class Selection:
    """Companies of a run: all, or some. `limit`: at most so many, in the order of discovery."""

    domains: tuple[str, ...] = ()
    state: str = ""
    city: str = ""
    limit: int | None = None


class Control:
    """Runs of one database, as a person steers them. `settings` by name: stages may read them."""

    def __init__(
        self,
        database: Database,
        orchestrator: Orchestrator,
        graph: Graph,
        settings: Mapping[str, object],
    ) -> None:
        self._database = database
        self._orchestrator = orchestrator
        self._graph = graph
        self._settings = settings

    async def create(self, request: RunRequest, phases: Phases = _ANYWHERE) -> Run:
        """A new run (Orchestrator.create) that knows what its stages read."""
        read = read_of(self._graph, request, self._settings)
        return await self._orchestrator.create(request, phases, read)

    async def preview(self, run_id: UUID, phases: Phases) -> tuple[str, ...]:
        """What `resume` with these phases would mean, in sentences. Changes nothing. Raises
        InputError for what cannot be."""
        async with self._database.connection() as connection:
            return choose(self._graph, await self.status(connection, run_id), phases).said

    async def resume(
        self, run_id: UUID, phases: Phases = _ANYWHERE, request: RunRequest | None = None
    ) -> tuple[Run, tuple[Marked, ...]]:
        """Let a run go on as far as `phases` say, from now on with another `request`; the run as it
        is then, and what is done again because something that it reads has changed.

        An active run keeps where it stops unless `phases` say otherwise. A run that waits for a
        decision, failed, or has nothing left to do stays as it is. Raises InputError for phases
        that cannot be.
        """
        async with self.holding(run_id) as (connection, run):
            status = await self.status(connection, run_id)
            choice = choose(self._graph, status, phases)
            broken = [n for n in run.route if status[n] == "failed" and self._graph[n].critical]
            if run.status in ("needs_decision", "cancelled") or (run.status == "failed" and broken):
                return run, ()
            if run.status == "active" and phases == _ANYWHERE and request is None:
                return run, ()
            run = await self._set_way(connection, run, choice)
            run, marked = await self._follow_changes(connection, run, request)
            await self._reopen_batches(connection, run)
            left = set((await self.status(connection, run_id)).values()) - {"complete", "skipped"}
            if run.status == "active":
                await self._orchestrator.move_on(connection, run)
            elif left or run.status == "paused":
                await self._orchestrator.go_on(connection, run, "resumed")
            row = await connection.fetchrow(query("runs.get"), run_id)
            return unpack_run(row), marked

    async def steer(self, run_id: UUID, phases: Phases) -> None:
        """Give a run its way as `phases` say, without letting it go on. What was held stays held.
        Raises as `resume`."""
        async with self.holding(run_id) as (connection, run):
            choice = choose(self._graph, await self.status(connection, run_id), phases)
            held = tuple(name for name in choice.route if name in run.held | set(choice.held))
            await self._set_way(connection, run, replace(choice, held=held))

    async def change(self, run_id: UUID, request: RunRequest) -> tuple[Marked, ...]:
        """Let a run follow another request, without letting it go on; what is to be done again."""
        async with self.holding(run_id) as (connection, run):
            _, marked = await self._follow_changes(connection, run, request)
            return marked

    async def rerun(
        self, run_id: UUID, stage: str, reason: str, domains: Sequence[str] = ()
    ) -> Marked:
        """Mark a stage, and all that needs it, to be done again: for all companies that were there,
        or for `domains`. A run that is over stays so until it is resumed. Raises InputError for a
        stage that has not run, and for domains that were not there."""
        async with self.holding(run_id) as (connection, run):
            graph = self._graph.only(run.route)
            chosen = self.on_route(graph, stage)
            state = (await self.status(connection, run_id))[chosen.name]
            if state not in ("running", "needs_rerun"):
                check_move(f"stage {chosen.name}", STAGE_MOVES, state, "needs_rerun")
            ids = await self._companies(connection, run, chosen, domains)
            marked = await self.mark(connection, run, chosen, reason, ids)
            if run.status == "active":
                await self._orchestrator.set_going(connection, run)
            return marked

    async def retry(
        self,
        run_id: UUID,
        *,
        item_id: int | None = None,
        cause: str | None = None,
        stage: str | None = None,
    ) -> dict[str, int]:
        """Put back what failed or was quarantined, all of it or what matches: how many items by
        stage, none when nothing did. A run that is over is active again, and exports again.

        What is done is not done again. Raises InputError for a cancelled run, and where the stage
        that failed the run is not among what is put back.
        """
        chosen = (run_id, item_id, cause, stage)
        async with self.holding(run_id) as (connection, run):
            if run.status == "active":
                await self._orchestrator.move_on(connection, run)  # what was just settled counts
                run = unpack_run(await connection.fetchrow(query("runs.get"), run_id))
            rows = await connection.fetch(query("items.gave_up"), *chosen)
            counts = {row["stage"]: row["count"] for row in rows}
            if not counts:
                return {}
            run = await self._orchestrator.reopen(connection, run_id, frozenset(counts))
            back = await connection.fetch(query("items.retry"), *chosen)
            await self._orchestrator.enqueue_all(connection, [r for r in back if not r["alone"]])
            suspects = [row for row in back if row["alone"]]
            await self._orchestrator.enqueue_all(connection, suspects, alone=True)
            await add_event(connection, run_id, "items_retried", items=counts)
            if run.status == "active":
                await self._orchestrator.move_on(connection, run)
        return counts

    async def set_stage(self, run_id: UUID, stage: str, new: str, reason: str = "") -> Marked:
        """Move a stage by hand: `new` is running, complete, failed or needs_rerun. Workers leave a
        stage that was started by hand alone until it is moved on, or the run resumed. What a stage
        that is complete releases goes on. Raises InputError, with the legal moves, for another one,
        and where what the stage needs is not complete."""
        async with self.holding(run_id) as (connection, run):
            graph = self._graph.only(run.route)
            chosen = self.on_route(graph, stage)
            status = await self.status(connection, run_id)
            check_move(f"stage {chosen.name}", STAGE_MOVES, status[chosen.name], new)
            if new in ("running", "complete"):
                require(graph, status, chosen.name)
            marked = Marked((chosen.name,), 0, reason)
            if new == "needs_rerun":
                marked = await self.mark(connection, run, chosen, reason)
            else:
                await self._orchestrator.move(
                    connection, run_id, [chosen.name], new, error=reason or "failed by hand"
                )
                await add_event(connection, run_id, f"stage_{new}", stage=chosen.name, by="hand")
            run = await self._hold_stage(connection, run, chosen.name, hold=new == "running")
            if new == "complete":
                await self._pass_on(connection, run, graph, chosen)
            elif new == "failed":
                await connection.execute(query("items.close_stages"), run_id, [chosen.name], reason)
            if run.status == "active":
                await self._orchestrator.set_going(connection, run)
            return marked

    async def chosen(
        self,
        connection: Connection | Database,
        run: Run,
        stage: Stage,
        states: Sequence[str],
        selection: Selection,
    ) -> list[Any]:
        """Items of a company stage, in these states, of these companies."""
        rows: list[Any] = await connection.fetch(
            query("items.chosen"), run.id, stage.name, list(states), list(selection.domains),
            selection.state, selection.city, selection.limit,
        )  # fmt: skip
        return rows

    async def remember(self, connection: Connection, run_id: UUID, request: RunRequest) -> None:
        """The run follows this request from now on; nothing is done again because of it."""
        read = read_of(self._graph, request, self._settings)
        await connection.execute(query("runs.set_request"), run_id, pack_request(request))
        await connection.execute(query("runs.set_read"), run_id, read)

    async def adopt(self, connection: Connection, run_id: UUID, *, was: str) -> None:
        """A run that came from elsewhere: one that was active goes on as far as it was to go."""
        run = unpack_run(await connection.fetchrow(query("runs.hold"), run_id))
        await add_event(connection, run_id, "run_loaded", was=was)
        if was == "active":
            await self._orchestrator.go_on(connection, run, "loaded")

    async def status(self, connection: Connection, run_id: UUID) -> dict[str, str]:
        """The state of each stage of a run."""
        rows = await connection.fetch(query("stages.statuses"), run_id)
        return {row["stage"]: row["status"] for row in rows}

    @asynccontextmanager
    async def holding(self, run_id: UUID) -> AsyncIterator[tuple[Connection, Run]]:
        """A transaction that holds a run as a whole, and the run. Raises RunNotFound."""
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(query("runs.hold"), run_id)
            if row is None:
                raise RunNotFound(f"no run {run_id}; list them with: sluice runs")
            yield connection, unpack_run(row)

    def on_route(self, graph: Graph, stage: str) -> Stage:
        """The stage of this name or number in a run's own graph. Raises InputError where the run
        goes without it, UnknownName where there is none."""
        name = self._graph[stage].name
        if name not in [each.name for each in graph]:
            raise InputError(f"{name} is skipped in this run")
        return graph[name]

    async def _set_way(self, connection: Connection, run: Run, choice: Choice) -> Run:
        """Give a run its route and what is held of it."""
        if run.held:
            await connection.execute(query("runs.drop_notes"), run.id, [stopped(run)])
        way = replace(run, route=choice.route, held=frozenset(choice.held))
        await connection.execute(
            query("runs.set_way"), run.id, list(choice.route), list(choice.held)
        )
        if skipped := [name for name in run.route if name not in choice.route]:
            await self._skip(connection, run, way, skipped)
        return way

    async def _hold_stage(self, connection: Connection, run: Run, name: str, *, hold: bool) -> Run:
        if hold == (name in run.held):
            return run
        held = run.held | {name} if hold else run.held - {name}
        await connection.execute(query("runs.set_way"), run.id, list(run.route), sorted(held))
        return replace(run, held=held)

    async def _skip(self, connection: Connection, run: Run, way: Run, skipped: list[str]) -> None:
        """Companies that wait for a skipped stage go to the one behind it."""
        old, new = self._graph.only(run.route), self._graph.only(way.route)
        await self._orchestrator.move(connection, run.id, skipped, "skipped")
        reason = "the stage is skipped in this run"
        await connection.execute(query("items.close_stages"), run.id, skipped, reason)
        await add_event(connection, run.id, "stages_skipped", stages=skipped)
        for stage in new:
            if stage.unit == "company" and new.before(stage) != old.before(old[stage.name]):
                await self._orchestrator.pull(connection, run.id, new, stage)
        await self._finish_companies(connection, run.id, new)

    async def _pass_on(self, connection: Connection, run: Run, graph: Graph, stage: Stage) -> None:
        """A person did this stage: its companies go to the next one."""
        await connection.execute(query("items.close_by_hand"), run.id, stage.name)
        if stage.unit == "company":
            leader = graph.before(stage)
            given = (run.id, stage.name, leader.name if leader.unit == "company" else None)
            await connection.execute(query("items.do_by_hand"), *given)
        for follower in graph.after(stage):
            await self._orchestrator.pull(connection, run.id, graph, follower)
        await self._finish_companies(connection, run.id, graph)

    async def _finish_companies(self, connection: Connection, run_id: UUID, graph: Graph) -> None:
        for stage in graph:
            if stage.unit == "company" and not graph.after(stage):
                await connection.execute(query("records.finish"), run_id, stage.name)

    async def _companies(
        self, connection: Connection, run: Run, stage: Stage, domains: Sequence[str]
    ) -> list[int] | None:
        """The companies of these domains that a stage has looked at; None without domains."""
        if not domains:
            return None
        if stage.unit != "company":
            raise InputError(f"{stage.name} works on the whole run: leave out --domain")
        rows = await self.chosen(connection, run, stage, ITEM_STATES, Selection(tuple(domains)))
        if missing := sorted(set(domains) - {row["domain"] for row in rows}):
            raise InputError(f"{stage.name} has not looked at {listed(missing)} in this run")
        return [row["company_id"] for row in rows]

    async def mark(
        self,
        connection: Connection,
        run: Run,
        stage: Stage,
        reason: str,
        ids: Sequence[int] | None = None,
    ) -> Marked:
        """Mark a stage to be done again, for these companies or for all."""
        behind = [each.name for each in self._graph.only(run.route).downstream(stage.name)]
        if stage.unit == "company":
            if ids is None:
                rows = await self.chosen(connection, run, stage, ITEM_STATES, Selection())
                ids = [row["company_id"] for row in rows]
            what: tuple[object, ...] = (
                query("items.rerun"),
                run.id,
                stage.name,
                behind,
                list(ids),
            )
        else:
            what = (query("items.rerun_all"), run.id, [stage.name, *behind])
        through = [row["company_id"] for row in await connection.fetch(*what)]
        companies = len(through)
        if through:
            again = [stage.name, *behind]
            await connection.execute(query("records.unlearn"), through, again)
        stages = await self._orchestrator.mark(connection, run, [stage.name])
        marked = Marked(tuple(stages) or (stage.name,), companies, reason)
        await add_event(
            connection, run.id, "rerun_marked", stage=stage.name,
            stages=marked.stages, companies=companies, reason=reason,
        )  # fmt: skip
        return marked

    async def _follow_changes(
        self, connection: Connection, run: Run, request: RunRequest | None
    ) -> tuple[Run, tuple[Marked, ...]]:
        """Mark what reads something that is not as it was. Of what follows another touched stage
        anyway, only the first is named."""
        request = request or run.request
        before = await connection.fetchval(query("runs.read"), run.id)
        now = read_of(self._graph, request, self._settings)
        names = changed(before, now)
        if request != run.request or now != before:
            await self.remember(connection, run.id, request)
        run, graph = replace(run, request=request), self._graph.only(run.route)
        status = await self.status(connection, run.id)
        marked: list[Marked] = []
        for stage in graph:
            touched = [name for name in stage.reads if name in names]
            done = any(stage.name in each.stages for each in marked)
            if touched and not done and status[stage.name] in ("complete", "running", "failed"):
                reason = f"{listed(touched)} changed"
                marked.append(await self.mark(connection, run, stage, reason))
        return run, tuple(marked)

    async def _reopen_batches(self, connection: Connection, run: Run) -> None:
        """Discovery that was over goes on where more companies are missing now, or may be."""
        if self._orchestrator.parked(run):
            return
        status = await self.status(connection, run.id)
        for stage in self._graph.only(run.route):
            if not stage.batches or status[stage.name] != "complete":
                continue
            last = await connection.fetchrow(query("items.last_of_run"), run.id, stage.name)
            counts = await connection.fetchrow(query("records.company_counts"), run.id)
            if last is None or last["stale"] or counts["ready"] >= run.request.target_quantity:
                continue
            exhausted = (last["result"] or {}).get("exhausted", True)
            if counts["open"] or not exhausted:
                await self._orchestrator.mark(connection, run, [stage.name])
