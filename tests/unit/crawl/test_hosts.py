import asyncio

from app.crawl import hosts
from app.crawl.hosts import HostGate
from tests.unit.crawl.support import FakeClock


async def test_requests_to_one_host_are_spaced_from_start_to_start() -> None:
    clock = FakeClock()
    gate = HostGate(clock)

    for _ in range(3):
        async with gate.turn("firm.example", 2.0):
            await clock.sleep(0.5)

    assert clock.slept == [0.5, 1.5, 0.5, 1.5, 0.5]


async def test_a_first_request_does_not_wait() -> None:
    clock = FakeClock()

    async with HostGate(clock).turn("firm.example", 2.0):
        pass

    assert clock.slept == []


async def test_www_and_the_bare_name_share_one_turn() -> None:
    clock = FakeClock()
    gate = HostGate(clock)

    for name in ("firm.example", "www.firm.example"):
        async with gate.turn(name, 2.0):
            pass

    assert clock.slept == [2.0]


async def test_one_request_at_a_time_in_order_of_arrival() -> None:
    gate = HostGate(FakeClock())
    log: list[str] = []

    async def visit(name: str) -> None:
        async with gate.turn("firm.example", 0.0):
            log.append(f"{name} in")
            await asyncio.sleep(0)
            log.append(f"{name} out")

    await asyncio.gather(visit("a"), visit("b"), visit("c"))

    assert log == ["a in", "a out", "b in", "b out", "c in", "c out"]


async def test_a_slow_host_holds_up_no_other() -> None:
    gate = HostGate(FakeClock())

    slow, quick = gate.turn("slow.example", 9.0), gate.turn("quick.example", 9.0)
    async with slow, asyncio.timeout(5), quick:
        pass


async def test_a_cancelled_visit_gives_the_host_back() -> None:
    gate = HostGate(FakeClock())

    async def hang() -> None:
        async with gate.turn("firm.example", 0.0):
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    async with asyncio.timeout(5), gate.turn("firm.example", 0.0):
        pass


async def test_hosts_that_were_left_are_forgotten() -> None:
    clock = FakeClock()
    gate = HostGate(clock)

    for number in range(3 * hosts.MAX_IDLE):
        async with gate.turn(f"h{number}.example", 0.0):
            pass

    assert len(gate._hosts) <= 2 * hosts.MAX_IDLE
