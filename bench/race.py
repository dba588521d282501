"""The engine beside others: the same chain, round after round, each in turn."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.contender import STAGES, Chain, Contender, Result, run_once
from bench.engine import EngineContender
from bench.handwritten import HandWrittenContender
from bench.server import Server
from bench.stock import StockContender

IDEAL = 3.0
"""Seconds that the latency chain takes if nothing but the sleeping costs time."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A contender and its chain. `aim` is what the ratio should be. `once`: it takes so long that
    it runs in the first round only."""

    contender: Contender
    chain: Chain
    aim: str = ""
    once: bool = False


async def chain(server: Server, rounds: int, *, profile: bool) -> None:
    """Items that need no time: what moving them costs."""
    full = Chain(10_000, 500)
    lanes = [
        Lane(EngineContender(), full),
        Lane(StockContender(), Chain(1_000, 500), "20 or more"),
        Lane(HandWrittenContender(), full, "0.33 or more"),
        Lane(HandWrittenContender(bare=True), full),
    ]
    _title("chain", full, "nothing")
    print("stock procrastinate gets 1,000 items: its rate does not grow with more")
    results = await _race(server, lanes, rounds, profile=profile)
    _table("items x stages a second", lanes, results, lambda result: result.rate, "{:,.0f}")


async def latency(server: Server, rounds: int, *, profile: bool) -> None:
    """Items that wait: how well the waiting is used."""
    waiting = Chain(2_000, 100, sleep=0.05)
    lanes = [
        Lane(EngineContender(), waiting),
        Lane(StockContender(), waiting, once=True),
        Lane(HandWrittenContender(), waiting),
    ]
    _title("latency", waiting, "50 ms")
    print(f"ideal {IDEAL} s, aim 3.6 s")
    results = await _race(server, lanes, rounds, profile=profile)
    _table("seconds", lanes, results, lambda result: result.seconds, "{:.2f}")


async def _race(
    server: Server, lanes: Sequence[Lane], rounds: int, *, profile: bool
) -> list[list[Result]]:
    """Per lane the results of all rounds; the lanes take turns, so that noise meets all of them."""
    results: list[list[Result]] = [[] for _ in lanes]
    for number in range(rounds):
        for lane, found in zip(lanes, results, strict=True):
            if lane.once and number:
                continue
            looked = profile and number == 0 and lane is lanes[0]
            found.append(await run_once(lane.contender, server, lane.chain, profile=looked))
    return results


def _title(name: str, chain: Chain, handler: str) -> None:
    print(
        f"\n{name}: {chain.items:,} items x {len(STAGES)} stages of {handler}, one worker process,"
    )
    print(f"{chain.in_flight} items in flight; ratios are the median of the rounds' ratios")


def _table(
    unit: str,
    lanes: Sequence[Lane],
    results: Sequence[Sequence[Result]],
    figure: Callable[[Result], float],
    form: str,
) -> None:
    print(f"{'':24}{unit:>24}{'sluice / it':>14}{'CPU us per item and stage':>30}")
    for lane, found in zip(lanes, results, strict=True):
        ratio = statistics.median(
            figure(own) / figure(other) for own, other in zip(results[0], found, strict=False)
        )
        value = form.format(statistics.median(map(figure, found)))
        worker, server = _cpu(found, "cpu"), _cpu(found, "server_cpu")
        aim = f"   aim {lane.aim}" if lane.aim else ""
        print(
            f"{lane.contender.name:24}{value:>24}{ratio:>14.2f}"
            f"{f'worker {worker:,.0f} server {server:,.0f}':>30}{aim}",
            flush=True,
        )


def _cpu(results: Sequence[Result], name: str) -> float:
    spent: list[float] = [getattr(result, name) / result.steps for result in results]
    return statistics.median(spent) * 1e6
