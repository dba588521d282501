"""What a person does to a run: stop it somewhere, skip stages, let it go on.

Every operation is one transaction that holds the run as a whole: nothing is settled for it
meanwhile. The moves themselves are the orchestrator's.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID

from app.db.pool import Connection, Database
from app.db.queries import query
from app.db.requests import unpack_run
from app.errors import RunNotFound
from app.events import add_event
from app.orchestrator import Orchestrator, stopped
from app.pipeline.graph import Graph
from app.pipeline.phases import Choice, Phases, choose
from app.records.run import Run

_ANYWHERE = Phases()


class Control:
    """Runs of one database, as a person steers them."""

    def __init__(self, database: Database, orchestrator: Orchestrator, graph: Graph) -> None:
        self._database = database
        self._orchestrator = orchestrator
        self._graph = graph

    async def preview(self, run_id: UUID, phases: Phases) -> tuple[str, ...]:
        """What `resume` with these phases would mean, in sentences. Changes nothing. Raises
        InputError for what cannot be."""
        async with self._database.connection() as connection:
            return choose(self._graph, await self.status(connection, run_id), phases).said

    async def resume(self, run_id: UUID, phases: Phases = _ANYWHERE) -> Run:
        """Let a run go on as far as `phases` say; the run as it is then.

        An active run keeps where it stops unless `phases` say otherwise. A run that waits for a
        decision, failed, or has nothing left to do stays as it is. Raises InputError for phases
        that cannot be.
        """
        async with self._holding(run_id) as (connection, run):
            status = await self.status(connection, run_id)
            choice = choose(self._graph, status, phases)
            broken = [n for n in run.route if status[n] == "failed" and self._graph[n].critical]
            if run.status in ("needs_decision", "cancelled") or broken:
                return run
            if run.status == "active" and phases == _ANYWHERE:
                return run
            run = await self._set_way(connection, run, choice)
            left = set(status) - {"complete", "skipped"}
            if run.status != "active" and left:
                await self._orchestrator.go_on(connection, run, "resumed")
            return replace(run, status=await connection.fetchval(query("runs.status"), run_id))

    async def status(self, connection: Connection, run_id: UUID) -> dict[str, str]:
        """The state of each stage of a run."""
        rows = await connection.fetch(query("stages.statuses"), run_id)
        return {row["stage"]: row["status"] for row in rows}

    @asynccontextmanager
    async def _holding(self, run_id: UUID) -> AsyncIterator[tuple[Connection, Run]]:
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(query("runs.hold"), run_id)
            if row is None:
                raise RunNotFound(f"no run {run_id}; list them with: sluice runs")
            yield connection, unpack_run(row)

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
        if self._orchestrator.parked(run) and not self._orchestrator.parked(way):
            again = [s.name for s in self._graph.only(way.route) if s.batches]
            await self._orchestrator.mark(connection, way, again)
        return way

    async def _skip(self, connection: Connection, run: Run, way: Run, skipped: list[str]) -> None:
        """Companies that wait for a skipped stage go to the one behind it."""
        old, new = self._graph.only(run.route), self._graph.only(way.route)
        await self._orchestrator.move(connection, run.id, skipped, "skipped")
        await connection.execute(query("items.close_stages"), run.id, skipped)
        await add_event(connection, run.id, "stages_skipped", stages=skipped)
        for stage in new:
            if stage.unit == "company" and new.before(stage) != old.before(old[stage.name]):
                await self._orchestrator.pull(connection, run.id, new, stage)
        for stage in new:
            if stage.unit == "company" and not new.after(stage):
                await connection.execute(query("records.finish"), run.id, stage.name)
