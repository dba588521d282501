"""What paid calls may cost. Every call reserves its price before it is made, and settles after.

    async with tools.budget.call(work, "verifier", Decimal("0.01")) as call:
        answer = await ask(...)
        call.settle(answer.cost)

A reservation is one transaction under the lock of the run's budget, so that calls of any number of
processes never exceed it together. One that does not fit is kept as refused, and the run pauses. A
call that nobody settles (an error, a killed process) counts at its reserved price.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from app.db.pool import OUTAGE, Connection, Database
from app.db.queries import query
from app.errors import BudgetExceeded, InputError
from app.events import add_event
from app.log import get_log
from app.pipeline.stage import Work
from app.records.budget import Budget

OF_RUN = ""
"""The stage of the row that is the budget of the whole run."""


class Runs(Protocol):
    """Who changes runs: app.orchestrator."""

    async def pause(self, connection: Connection, run_id: UUID, reason: str) -> bool:
        """Let a run wait."""

    async def unpause(self, connection: Connection, run_id: UUID, reason: str) -> bool:
        """Let it go on."""


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that may be spent on something, and what was, reservations included."""

    of: str
    amount: Decimal | None
    spent: Decimal

    def fits(self, price: Decimal) -> bool:
        """Whether one more call of this price stays within the limit."""
        return self.amount is None or self.spent + price <= self.amount


class Call:
    """One paid call that has reserved its price."""

    def __init__(self, price: Decimal) -> None:
        self.price = price
        self.actual: Decimal | None = None

    def settle(self, actual: Decimal) -> None:
        """What it cost in truth; 0 when the provider charges nothing. Raises ValueError."""
        self.actual = _money(actual)


class Purse:
    """The budgets of all runs of one database."""

    def __init__(self, database: Database, runs: Runs) -> None:
        self._database = database
        self._runs = runs
        self._log = get_log("budget")

    @asynccontextmanager
    async def call(self, work: Work, provider: str, price: Decimal) -> AsyncIterator[Call]:
        """Reserve `price` (the most that the call can cost), and settle when the block ends: at
        what `settle` was told, else at the price. Raises BudgetExceeded, and pauses the run, when
        it does not fit: let the error pass, the item is tried again when the run goes on."""
        call = Call(_money(price))
        cost_id = await self._reserve(work, provider, call.price)
        try:
            yield call
        except BaseException:
            known = call.actual is not None
            await self._settle(work, cost_id, "settled" if known else "lost", call)
            raise
        await self._settle(work, cost_id, "settled", call)

    async def raise_to(
        self, run_id: UUID, amount: Decimal, *, stage: str = OF_RUN, company: bool = False
    ) -> bool:
        """Set a limit that is higher than before, and let the run go on if it waits for that.
        Whether it does. Raises InputError."""
        async with self._database.transaction() as connection:
            rows = {row["stage"]: row for row in await self._lock(connection, run_id, None)}
            old = rows.get(stage, {}).get("company_amount" if company else "amount")
            if old is not None and amount <= old:
                raise InputError(f"the limit is {old} already: raise it to more than that")
            values = (None, amount) if company else (amount, None)
            await connection.execute(query("costs.raise_to"), run_id, stage, *values)
            return await self._go_on(connection, run_id, f"budget raised to {amount}")

    async def approve(self, run_id: UUID) -> bool:
        """Raise the limits by what waits for it, and let the run go on. Whether it does. Raises
        InputError when nothing waits."""
        async with self._database.transaction() as connection:
            rows = {row["stage"]: row for row in await self._lock(connection, run_id, None)}
            if not await connection.fetch(query("costs.refused"), run_id):
                raise InputError("no paid call waits for approval")
            needed = await connection.fetch(query("costs.needed"), run_id)
            for stage, amount in needed:
                if stage == "company":
                    company = rows[OF_RUN]["company_amount"]
                    if amount is not None and company is not None and amount > company:
                        await connection.execute(
                            query("costs.raise_to"), run_id, OF_RUN, None, amount
                        )
                elif rows[stage]["amount"] is not None and amount > rows[stage]["amount"]:
                    await connection.execute(query("costs.raise_to"), run_id, stage, amount, None)
            return await self._go_on(connection, run_id, "approved what waited")

    async def _reserve(self, work: Work, provider: str, price: Decimal) -> int:
        given = (work.run.id, work.stage, work.item_id, work.fence, provider, price)
        async with self._database.transaction() as connection:
            limits = await self._limits(connection, work)
            short = next((limit for limit in limits if not limit.fits(price)), None)
            if short is None:
                cost_id: int = await connection.fetchval(query("costs.reserve"), *given)
                return cost_id
            reason = (
                f"budget: {provider} asks {price} in {work.stage}, and {short.spent} of"
                f" {short.amount} for {short.of} are spent"
            )
            await connection.execute(query("costs.refuse"), *given)
            await self._runs.pause(connection, work.run.id, reason)
        self._log.warning("budget_exceeded", item=work.item_id, provider=provider, price=str(price))
        raise BudgetExceeded(reason)

    async def _limits(self, connection: Connection, work: Work) -> list[Limit]:
        rows = await self._lock(connection, work.run.id, [work.stage])
        limits = [
            Limit(f"stage {row['stage']}" if row["stage"] else "the run",
                  row["amount"], row["spent"])
            for row in rows
        ]  # fmt: skip
        most = rows[0]["company_amount"] if rows else None
        if most is not None:
            spent = await connection.fetchval(query("costs.of_company"), work.item_id)
            limits.append(Limit("the company", most, spent))
        return limits

    async def _settle(self, work: Work, cost_id: int, state: str, call: Call) -> None:
        """The answer is paid for: an outage must not lose it. The sweeper settles then."""
        actual = call.price if call.actual is None else call.actual
        if actual > call.price:
            self._log.warning("price_exceeded", item=work.item_id, price=str(call.price))
        with suppress(*OUTAGE):
            async with self._database.transaction() as connection:
                await self._lock(connection, work.run.id, [work.stage])
                await connection.execute(query("costs.settle"), cost_id, state, actual)

    async def _lock(
        self, connection: Connection, run_id: UUID, stages: Sequence[str] | None
    ) -> list[Any]:
        rows: list[Any] = await connection.fetch(query("costs.lock"), run_id, stages)
        return rows

    async def _go_on(self, connection: Connection, run_id: UUID, what: str) -> bool:
        await add_event(connection, run_id, "budget_changed", actor="person", change=what)
        if not await connection.fetch(query("costs.refused"), run_id):
            return False
        await connection.execute(query("costs.forget_refused"), run_id)
        return await self._runs.unpause(connection, run_id, what)


async def open_budget(connection: Connection, run_id: UUID, budget: Budget) -> None:
    """The budget of a new run."""
    amounts = {OF_RUN: budget.run, **budget.stages}
    await connection.execute(
        query("costs.create"), run_id, budget.company, list(amounts), list(amounts.values())
    )


def _money(amount: Decimal) -> Decimal:
    if not (amount.is_finite() and amount >= 0):
        raise ValueError(f"{amount} is no amount of money")
    return amount
