"""Create a run and move it on. This file alone changes stages and runs.

Nobody has to stay for a run to go on: every worker calls `advance` after what it settles, and the
sweeper calls it for all active runs. The person who created the run only watches.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from app.budget import open_budget
from app.db.pool import Connection, Database
from app.db.queries import query
from app.db.requests import pack_request, unpack_run
from app.errors import InputError, RunNotFound
from app.events import add_event
from app.pipeline.gap import batch_size, first_input
from app.pipeline.graph import Graph
from app.pipeline.phases import Phases, choose, failure, settled, stopped
from app.pipeline.stage import Stage
from app.pipeline.states import FINISHED_RUN, RUN_MOVES, STAGE_MOVES, before, check_move
from app.queue import Queue, chunked
from app.records.run import Run, RunRequest


class Orchestrator:
    """Runs and stages of one database."""

    def __init__(self, database: Database, queue: Queue, graph: Graph) -> None:
        self._database = database
        self._queue = queue
        self._graph = graph

    async def create(
        self,
        request: RunRequest,
        phases: Phases | None = None,
        read: Mapping[str, str] | None = None,
    ) -> Run:
        """A new run with its first item and the job that carries it, in one transaction. `read`:
        what its stages read (app/pipeline/reads.py). Raises InputError for `phases` that cannot
        be."""
        choice = choose(self._graph, {}, phases or Phases())
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(
                query("runs.create"),
                pack_request(request),
                request.target_quantity,
                request.contacts_min,
                request.contacts_max,
                choice.route[0],
                list(choice.route),
                list(choice.held),
            )
            run = unpack_run(row)
            await connection.execute(query("runs.set_read"), run.id, dict(read or {}))
            names = [stage.name for stage in self._graph]
            skipped = [name for name in names if name not in choice.route]
            await connection.execute(query("stages.create"), run.id, names, skipped)
            await open_budget(connection, run.id, request.budget)
            await add_event(connection, run.id, "run_created")
            await self.move_on(connection, run)
        return run

    async def find(self, run_id: str) -> Run:
        """The run whose id begins with `run_id`. Raises RunNotFound for none or several."""
        rows = await self._database.fetch(query("runs.find"), run_id.lower().strip())
        if not rows or not run_id.strip():
            raise RunNotFound(f"no run {run_id!r}; list them with: sluice runs")
        if len(rows) > 1:
            raise RunNotFound(f"more than one run begins with {run_id!r}; give more of its id")
        return unpack_run(rows[0])

    async def advance(self, run_id: UUID) -> bool:
        """Bring the stages of a run up to date with its items; whether anything moved. Safe to call
        at any time."""
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(query("runs.lock_active"), run_id)
            return row is not None and await self.move_on(connection, unpack_run(row))

    async def cancel(self, run_id: UUID, reason: str) -> None:
        """End a run: open items are skipped, what is at work will be refused. Raises InputError
        when the run is over already."""
        async with self._database.transaction() as connection:
            run = unpack_run(await connection.fetchrow(query("runs.lock"), run_id))
            check_move("run", RUN_MOVES, run.status, "cancelled")
            await connection.execute(query("items.close_open"), run_id, "cancelled", reason)
            await self._finish(connection, run_id, "cancelled", reason)

    async def pause(
        self, connection: Connection, run_id: UUID, reason: str, *, status: str = "paused"
    ) -> bool:
        """Let an active run wait for a person (`status`: paused or needs_decision). What is at
        work is finished and settled; nothing more is claimed. Whether it was active until now."""
        if not await connection.fetchval(query("runs.pause"), run_id, status):
            return False
        await connection.execute(query("runs.add_note"), run_id, reason)
        await add_event(connection, run_id, f"run_{status}", reason=reason)
        return True

    async def unpause(self, connection: Connection, run_id: UUID, reason: str) -> bool:
        """Let a waiting run go on: what is ready gets its jobs. Whether it waited until now."""
        if not await connection.fetchval(query("runs.unpause"), run_id):
            return False
        row = await connection.fetchrow(query("runs.lock_active"), run_id)
        await add_event(connection, run_id, "run_resumed", reason=reason)
        await self.set_going(connection, unpack_run(row))
        return True

    async def go_on(self, connection: Connection, run: Run, reason: str) -> None:
        """Let a run that waits or is over go on: what is ready gets its jobs. Raises InputError
        for a cancelled one."""
        run = await self.revive(connection, run)
        await add_event(connection, run.id, "run_resumed", reason=reason)
        await self.set_going(connection, run)

    async def revive(self, connection: Connection, run: Run) -> Run:
        """A run that waits or is over is active again; what was noted of its end is dropped. Raises
        InputError for a cancelled one."""
        check_move("run", RUN_MOVES, run.status, "active")
        view = await self._view(connection, run)
        notes = [failure(name, state["error"]) for name, state in view.items()]
        await connection.execute(query("runs.drop_notes"), run.id, notes)
        await connection.execute(query("runs.set_status"), run.id, "active")
        return replace(run, status="active")

    async def set_going(self, connection: Connection, run: Run) -> None:
        """Jobs for what is ready in an active run that is locked, and its stages up to date."""
        await self.enqueue_all(connection, await connection.fetch(query("items.due"), run.id))
        await self.move_on(connection, run)

    async def pull(self, connection: Connection, run_id: UUID, graph: Graph, stage: Stage) -> None:
        """Create the items of companies that are done with what `stage` follows, and their jobs."""
        leader = graph.before(stage)
        given: tuple[object, ...] = (query("items.create_for_open"), run_id, stage.name)
        if leader.unit == "company":
            given = (query("items.create_due"), run_id, stage.name, leader.name)
        rows = await connection.fetch(*given)
        await self.enqueue(connection, stage.name, [row["id"] for row in rows])

    async def release(
        self, connection: Connection, run_id: UUID, stages: tuple[Stage, ...], companies: list[int]
    ) -> None:
        """Create the items of `companies` in these stages, and the jobs that carry them."""
        for stage in stages:
            rows = await connection.fetch(
                query("items.create_for_companies"), run_id, stage.name, companies
            )
            await self.enqueue(connection, stage.name, [row["id"] for row in rows])

    async def enqueue(
        self, connection: Connection, stage_name: str, items: list[int], **options: Any
    ) -> None:
        """The jobs that carry these items. Later stages go first, so that companies get through."""
        stage = self._graph.find(stage_name)  # the sweep meets those of newer versions, too
        size = 1 if stage is None or options.get("alone") else stage.chunk
        priority = stage.number if stage else 0
        jobs = chunked(stage_name, items, size, **{"priority": priority} | options)
        await self._queue.defer(connection, jobs)

    async def enqueue_all(
        self, connection: Connection, rows: Iterable[Any], **options: Any
    ) -> None:
        """The jobs that carry items of several stages: rows with `id` and `stage`."""
        by_stage: dict[str, list[int]] = defaultdict(list)
        for row in rows:
            by_stage[row["stage"]].append(row["id"])
        for stage, items in by_stage.items():
            await self.enqueue(connection, stage, items, **options)

    async def reopen(self, connection: Connection, run_id: UUID, stages: frozenset[str]) -> Run:
        """These stages, and all that need them, are to run again; a run that is over is active."""
        run = unpack_run(await connection.fetchrow(query("runs.lock"), run_id))
        view = await self._view(connection, run)
        again = await self.mark(connection, run, stages)
        for stage in self._graph.only(run.route):
            failed = view[stage.name]["status"] == "failed"
            if failed and stage.critical and stage.name not in again:
                raise InputError(
                    f"run {run.short_id} ended because stage {stage.name} failed;"
                    f" put back all of it: sluice retry {run.short_id}"
                )
        if run.status in FINISHED_RUN:
            run = await self.revive(connection, run)
        return run

    async def move_on(self, connection: Connection, run: Run) -> bool:
        """Bring the stages of an active run that is locked up to date with its items; whether
        anything moved."""
        graph = self._graph.only(run.route)
        if len(graph.stages) < len(run.route):
            return False  # a run of another version: its own workers move it on
        view = await self._view(connection, run)
        old = _status(view)
        for stage in graph:
            await self._advance_stage(connection, run, graph, stage, view)
            if view[stage.name]["status"] == "failed" and stage.critical:
                reason = failure(stage.name, view[stage.name]["error"])
                await connection.execute(query("items.close_open"), run.id, "run_failed", reason)
                await self._finish(connection, run.id, "failed", reason)
                return True
        left = [stage.name for stage in graph if not settled(stage, _status(view))]
        if not left:
            await connection.execute(query("runs.set_stage"), run.id, run.route[-1])
            await self._finish(connection, run.id, "completed", "")
            return True
        await connection.execute(query("runs.set_stage"), run.id, left[0])
        if run.held.issuperset(left):
            await self.pause(connection, run.id, stopped(run))
        elif old != _status(view):
            await connection.execute(query("events.notify"), run.id)
        return old != _status(view)

    async def _view(self, connection: Connection, run: Run) -> dict[str, dict[str, Any]]:
        """Each stage on the way of a run, with its state and whether it has items."""
        rows = await connection.fetch(query("stages.overview"), run.id)
        return {row["stage"]: dict(row) for row in rows if row["stage"] in run.route}

    async def move(
        self,
        connection: Connection,
        run_id: UUID,
        stages: Sequence[str],
        new: str,
        *,
        error: str | None = None,
    ) -> list[str]:
        """Stages become `new` where the state machine allows it: the only way that they change.
        The names of those that did, in order."""
        given = (run_id, list(stages), before(STAGE_MOVES, new), new, error)
        rows = await connection.fetch(query("stages.move"), *given)
        return [row["stage"] for row in sorted(rows, key=lambda row: row["position"])]

    async def mark(self, connection: Connection, run: Run, stages: Iterable[str]) -> list[str]:
        """These stages, and all that need them, are to run again. Those that were not settled
        are not changed: they come to it anyway. The names of those that were, in order."""
        graph = self._graph.only(run.route)
        again = {each.name for name in stages for each in (graph[name], *graph.downstream(name))}
        return await self.move(connection, run.id, list(again), "needs_rerun")

    async def _advance_stage(
        self,
        connection: Connection,
        run: Run,
        graph: Graph,
        stage: Stage,
        view: dict[str, dict[str, Any]],
    ) -> None:
        state = view[stage.name]
        status = _status(view)
        ready = all(settled(graph[need], status) for need in stage.needs)
        held = stage.name in run.held
        if (
            state["status"] in ("pending", "needs_rerun")
            and not held
            and (ready or (stage.unit == "company" and state["has_items"]))
        ):
            await self.move(connection, run.id, [stage.name], "running")
            state["status"] = "running"
            if stage.unit == "run":
                await self.begin(connection, run, graph, stage, state)
        if state["status"] != "running" or state["has_open"] or not ready or held:
            return
        if stage.unit == "run" and not await self._conclude(connection, run, stage, state):
            return
        await self.move(connection, run.id, [stage.name], "complete")
        state["status"] = "complete"

    async def begin(
        self, connection: Connection, run: Run, graph: Graph, stage: Stage, state: dict[str, Any]
    ) -> None:
        """Give a run stage its item. One that runs again gets another in the place of its last, as
        from the beginning where that one is out of date; discovery whose last batch went well goes
        on from there."""
        last = await connection.fetchrow(query("items.last_of_run"), run.id, stage.name)
        batch, given = 0, first_input(run, stage)
        if last is not None:
            if stage.batches and last["state"] == "done" and not last["stale"]:
                return
            batch = last["batch"] + 1
            given = given if last["stale"] else last["input"] or {}
            await connection.execute(query("items.supersede"), run.id, stage.name)
        await self._add_run_item(connection, run, stage, batch, given)
        for follower in graph.after(stage) if last is not None and last["stale"] else ():
            await self.pull(connection, run.id, graph, follower)
        state["has_open"] = True

    async def conclude(self, connection: Connection, run: Run, stage: Stage) -> str:
        """Complete or fail one stage that is at work, or give it its next batch, whatever becomes
        of the others; its state then."""
        graph = self._graph.only(run.route)
        alone = replace(run, held=frozenset(run.route) - {stage.name})
        view = await self._view(connection, run)
        await self._advance_stage(connection, alone, graph, stage, view)
        status: str = view[stage.name]["status"]
        return status

    async def _conclude(
        self, connection: Connection, run: Run, stage: Stage, state: dict[str, Any]
    ) -> bool:
        """Whether a run stage with no open item is complete; it may fail or get another batch.

        Batches follow one another: the next one is made when the last one is settled. One that
        failed is followed by one that is told so, and passes over what the last one failed at.
        """
        last = await connection.fetchrow(query("items.last_of_run"), run.id, stage.name)
        if last is None:  # begun by hand, and left to the workers
            await self._add_run_item(connection, run, stage, 0, first_input(run, stage))
            return False
        result, given = last["result"] or {}, last["input"] or {}
        error = result.get("error")
        if last["state"] in ("failed", "quarantined"):
            error = last["reason"]
            failed = [*given.get("failed", ()), error]
            if stage.batches and len(failed) <= len(run.request.sources):
                batch_input = given | {"failed": failed}
                await self._add_run_item(connection, run, stage, last["batch"] + 1, batch_input)
                return False
        for note in result.get("notes", ()):
            await self._note(connection, run.id, note)
        if error:
            state["status"], state["error"] = "failed", error
            await self.move(connection, run.id, [stage.name], "failed", error=error)
            if not stage.critical:
                await self._note(connection, run.id, f"goes on without {stage.name}: {error}")
            return False
        if last["state"] == "review":
            await self._ask(connection, run, stage, last["reason"])
            return False
        if not stage.batches:
            return True
        counts = await connection.fetchrow(query("records.company_counts"), run.id)
        if result.get("exhausted", True):
            return await self._accepts(connection, run, stage, state, counts)
        missing = run.request.target_quantity - counts["ready"] - counts["open"]
        if missing <= 0:
            return bool(counts["open"] == 0) or self.parked(run)
        batch_input = {"cursor": result["cursor"], "size": batch_size(missing, counts)}
        await self._add_run_item(connection, run, stage, last["batch"] + 1, batch_input)
        return False

    async def _accepts(
        self, connection: Connection, run: Run, stage: Stage, state: dict[str, Any], counts: Any
    ) -> bool:
        """Whether the run goes on to deliver what there is, now that the sources hold no more."""
        asked, wish = run.request.target_quantity, run.request.on_shortfall
        if wish == "deliver" or counts["ready"] >= asked or self.parked(run):
            return True
        if counts["open"]:
            return False
        reason = f"{asked} asked, {counts['ready']} ready, and the sources hold no more that match"
        if wish == "fail":
            state["status"], state["error"] = "failed", reason
            await self.move(connection, run.id, [stage.name], "failed", error=reason)
        else:
            await self._ask(connection, run, stage, reason)
        return False

    async def _ask(self, connection: Connection, run: Run, stage: Stage, reason: str) -> None:
        """Let the run wait until a person decides whether it goes on past this stage."""
        if await self.pause(connection, run.id, reason, status="needs_decision"):
            await connection.execute(
                query("decisions.add"), run.id, "sluice", "asked", stage.name, reason, {}
            )

    def parked(self, run: Run) -> bool:
        """Whether companies stay open because a stage that they must pass is held."""
        return any(self._graph[name].unit == "company" for name in run.held)

    async def _add_run_item(
        self, connection: Connection, run: Run, stage: Stage, batch: int, given: dict[str, Any]
    ) -> None:
        item = await connection.fetchval(
            query("items.create_for_run"), run.id, stage.name, batch, given
        )
        await self.enqueue(connection, stage.name, [item])

    async def _note(self, connection: Connection, run_id: UUID, note: str) -> None:
        if await connection.fetchval(query("runs.add_note"), run_id, note):
            await add_event(connection, run_id, "run_noted", note=note)

    async def _finish(self, connection: Connection, run_id: UUID, status: str, reason: str) -> None:
        assert status in FINISHED_RUN
        await connection.execute(query("runs.set_status"), run_id, status)
        if reason:
            await connection.fetchval(query("runs.add_note"), run_id, reason)
        await add_event(connection, run_id, f"run_{status}", reason=reason)


def _status(view: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {name: state["status"] for name, state in view.items()}


if __name__ == "__main__":
    import importlib
    import sys

    sys.exit(importlib.import_module("app.cli").main(["run", *sys.argv[1:]]))
