"""Paid calls never exceed what a run may spend, and what does not fit waits without loss."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from app.budget import Purse
from app.db.pool import Database
from app.db.queries import query
from app.errors import BudgetExceeded, InputError
from app.pipeline.graph import Graph
from app.pipeline.outcomes import Done, Outcome
from app.pipeline.stage import Work
from app.records.budget import Budget, parse_budget
from app.records.run import Run
from app.settings import Settings
from app.wiring import Engine
from tests.factories import a_request
from tests.faults.provider import Provider, a_provider, pay
from tests.postgres.conftest import eventually, graph_with, nothing

Opened = Callable[[Graph], Awaitable[Engine]]
SPENT = "SELECT coalesce(sum(coalesce(settled, reserved)), 0) FROM costs WHERE state <> 'refused'"
STATUS = "SELECT status FROM runs"


@pytest.mark.parametrize("seed", range(3))
async def test_sixteen_calls_at_a_time_over_four_pools_never_overshoot(
    opened: Opened, settings: Settings, seed: int
) -> None:
    chance = random.Random(seed)
    engine = await opened(graph_with(nothing))
    limits = parse_budget("5", None, ["company_research=2", "discovery=1.5"])
    run = await engine.orchestrator.create(a_request(budget=limits))
    truth: dict[str, Decimal] = {}
    high = Decimal(0)

    async def caller(purse: Purse, number: int) -> None:
        """Calls until nothing fits; some answers are lost, some cost less than reserved."""
        nonlocal high
        for turn in range(40):
            stage = chance.choice(["company_research", "discovery", "contact_research"])
            price = Decimal(chance.randint(1, 300)) / 1000
            work = Work(number, stage, 1, run, fence=turn)
            try:
                async with purse.call(work, f"p{number}", price) as call:
                    high = max(high, await engine.database.fetchval(SPENT))
                    actual = price * chance.randint(0, 10) / 10
                    if chance.random() < 0.2:
                        truth[stage] = truth.get(stage, Decimal(0)) + price
                        raise ConnectionResetError  # noqa: TRY301
                    call.settle(actual)
                    truth[stage] = truth.get(stage, Decimal(0)) + actual
            except (BudgetExceeded, ConnectionResetError):
                continue

    async with AsyncExitStack() as stack:
        pools = [await Database.open(settings, size=4) for _ in range(4)]
        for pool in pools:
            stack.push_async_callback(pool.close)
        purses = [Purse(pool, engine.orchestrator) for pool in pools]
        await asyncio.gather(*(caller(purses[n % 4], n) for n in range(16)))

    spent = {row["stage"]: row["spent"] for row in await engine.database.fetch(
        "SELECT stage, spent FROM budgets")}  # fmt: skip
    assert high <= 5
    assert spent[""] == sum(truth.values()) == await engine.database.fetchval(SPENT)
    assert spent["company_research"] == truth["company_research"] <= 2
    assert spent["discovery"] == truth["discovery"] <= Decimal("1.5")
    assert spent[""] > 4


async def test_a_run_pauses_where_its_budget_ends_and_goes_on_when_it_is_raised(
    opened: Opened,
) -> None:
    async with a_provider() as provider:
        engine = await opened(graph_with(_asks(provider), chunk=4))
        run = await _pauses(engine, parse_budget("0.50", None, ()))

        note = await engine.database.fetchval("SELECT notes[1] FROM runs")
        assert note.startswith("budget: fake asks 0.10 in company_research, and 0.")
        assert Decimal("0.19") < await engine.database.fetchval(SPENT) <= Decimal("0.50")
        assert (
            await engine.database.fetchval("SELECT max(attempt) FROM items WHERE state='ready'")
            == 0
        )

        assert await engine.budget.raise_to(run.id, Decimal(10))
        assert await _ends(engine) == "completed"

        assert len(provider.charged) == len({name for name, _ in provider.charged}) == 14
        assert await engine.database.fetchval(SPENT) == provider.total


async def test_an_approval_allows_what_waits_and_not_more(opened: Opened) -> None:
    async with a_provider() as provider:
        engine = await opened(graph_with(_asks(provider), chunk=4))
        run = await _pauses(engine, parse_budget("0.50", None, ["company_research=0.30"]))
        waiting = await engine.database.fetchval("SELECT count(*) FROM costs WHERE state='refused'")

        rounds = 0
        while await engine.database.fetchval(STATUS) == "paused":
            rounds += 1
            assert await engine.budget.approve(run.id)
            assert await _ends(engine) in ("paused", "completed")

        assert waiting > 0
        assert rounds >= 2
        assert len(provider.charged) == 14
        with pytest.raises(InputError, match="no paid call waits"):
            await engine.budget.approve(run.id)


async def test_no_company_costs_more_than_one_company_may(opened: Opened) -> None:
    async with a_provider() as provider:

        async def twice(work: Work, tools: Any) -> Outcome:
            await pay(provider.port, work, tools.budget)
            await pay(provider.port, work, tools.budget)
            return Done()

        engine = await opened(graph_with(twice))
        run = await _pauses(engine, parse_budget(None, "0.12", ()))
        highest = (
            "SELECT max(s) FROM (SELECT sum(settled) AS s FROM costs GROUP BY company_id) AS t"
        )
        assert await engine.database.fetchval(highest) <= Decimal("0.12")

        with pytest.raises(InputError, match=r"the limit is 0\.12 already"):
            await engine.budget.raise_to(run.id, Decimal("0.1"), company=True)
        assert await engine.budget.raise_to(run.id, Decimal(1), company=True)
        assert await _ends(engine) == "completed"


def _asks(provider: Provider) -> Callable[[Work, Any], Awaitable[Outcome]]:
    async def ask(work: Work, tools: Any) -> Outcome:
        await pay(provider.port, work, tools.budget)
        return Done()

    return ask


async def _pauses(engine: Engine, budget: Budget) -> Run:
    """A run of 14 companies, with one worker, up to its pause."""
    run = await engine.orchestrator.create(a_request(target_quantity=10, budget=budget))
    assert await _ends(engine) == "paused"
    return run


async def _ends(engine: Engine) -> str:
    """The status of the run when it is not active any more."""
    tools = SimpleNamespace(budget=engine.budget)
    worker = engine.worker([stage.name for stage in engine.graph], tools, 4)
    await asyncio.wait_for(worker.run(until_idle=True), 30)
    status: str = await eventually(lambda: engine.database.fetchval(STATUS))
    return status


async def test_an_answer_that_comes_after_its_call_was_given_up_sets_the_truth(
    opened: Opened,
) -> None:
    engine = await opened(graph_with(nothing))
    run = await engine.orchestrator.create(a_request(budget=parse_budget("1", None, ())))
    work = Work(1, "company_research", 1, run)

    async with engine.budget.call(work, "slow", Decimal("0.40")) as call:
        await engine.database.fetch(query("costs.lose"))
        given_up = await engine.database.fetchrow("SELECT state, settled FROM costs")
        call.settle(Decimal("0.03"))

    settled = await engine.database.fetchrow("SELECT state, settled FROM costs")
    assert tuple(given_up) == ("lost", Decimal("0.40"))
    assert tuple(settled) == ("settled", Decimal("0.03"))
    assert await engine.database.fetchval("SELECT spent FROM budgets") == Decimal("0.03")
