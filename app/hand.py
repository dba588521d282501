"""Take a stage in hand: choose what a person who runs it works on, and see it through."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.control import Control, Selection
from app.db.pool import Connection
from app.db.queries import query
from app.errors import InputError
from app.orchestrator import Orchestrator
from app.pipeline.graph import Graph
from app.pipeline.phases import require
from app.pipeline.stage import Stage
from app.pipeline.states import ITEM_STATES, STAGE_MOVES
from app.records.run import Run


@dataclass(frozen=True, slots=True)
class Hand:
    """A stage that a person runs: its items (None: whatever the stage has for the whole run), and
    what is to be done again because of it."""

    stage: Stage
    items: tuple[int, ...] | None
    marked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hands:
    """Stages of one database that people run."""

    control: Control
    orchestrator: Orchestrator
    graph: Graph

    async def take(
        self, run_id: UUID, stage: str, selection: Selection, *, check: bool, failed: bool = False
    ) -> Hand:
        """Begin a stage: for what is due there, else for what was done there, again; with `failed`,
        for what failed there, again. Raises InputError for a stage that is skipped, and, with
        `check`, where what it needs is not complete."""
        async with self.control.holding(run_id) as (connection, run):
            if run.status == "cancelled":
                raise InputError(f"run {run.short_id} is cancelled: nothing is done in it any more")
            graph = self.graph.only(run.route)
            chosen = self.control.on_route(graph, stage)
            status = await self.control.status(connection, run_id)
            if check:
                require(graph, status, chosen.name, flowing=True)
            if chosen.unit == "company":
                hand = await self._companies(connection, run, chosen, selection, failed=failed)
            else:
                hand = await self._whole(connection, run, chosen, status, failed=failed)
            if hand.items == ():
                return hand
            await self.orchestrator.move(connection, run_id, [chosen.name], "running")
            if hand.items is None and not await self.open(connection, run_id, hand):
                await self.orchestrator.begin(connection, run, graph, chosen, {})
            return hand

    async def open(self, connection: Any, run_id: UUID, hand: Hand) -> list[Any]:
        """The open items of a hand, and in how many seconds each is due."""
        items = None if hand.items is None else list(hand.items)
        given = (query("items.at_hand"), run_id, hand.stage.name, items)
        rows: list[Any] = await connection.fetch(*given)
        return rows

    async def conclude(self, run_id: UUID, stage: Stage) -> str:
        """Bring the stage up to date with its items; its state."""
        async with self.control.holding(run_id) as (connection, run):
            return await self.orchestrator.conclude(connection, run, stage)

    async def _whole(
        self,
        connection: Connection,
        run: Run,
        stage: Stage,
        status: dict[str, str],
        *,
        failed: bool,
    ) -> Hand:
        if failed and status[stage.name] != "failed":
            return Hand(stage, ())
        if "needs_rerun" not in STAGE_MOVES[status[stage.name]]:
            return Hand(stage, None)
        return Hand(
            stage, None, (await self.control.mark(connection, run, stage, "by hand")).stages
        )

    async def _companies(
        self,
        connection: Connection,
        run: Run,
        stage: Stage,
        selection: Selection,
        *,
        failed: bool,
    ) -> Hand:
        again: Sequence[str] = ("failed", "quarantined") if failed else ITEM_STATES
        if not failed and (
            due := await self.control.chosen(connection, run, stage, ("ready", "leased"), selection)
        ):
            return Hand(stage, tuple(row["id"] for row in due))
        rows = await self.control.chosen(connection, run, stage, again, selection)
        if not rows:
            return Hand(stage, ())
        ids = [row["company_id"] for row in rows]
        marked = await self.control.mark(connection, run, stage, "by hand", ids)
        return Hand(stage, tuple(row["id"] for row in rows), marked.stages)
