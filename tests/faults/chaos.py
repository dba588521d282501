"""Every fault at full counts: `make chaos`, or `python -m tests.faults.chaos [FAULT...]`.

Each scenario has a server, a proxy and a fleet of its own (lease 3 s, heartbeat 1 s), injects its
fault so many times while runs are at work, and then asks the ledger what was lost, doubled or left
stuck, and whether the rows equal those of a run without faults. All luck comes from one seed, which
is printed; `--seed` has it again. `--scale 0.1` injects a tenth.
"""

import argparse
import asyncio
import random
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from app.db.pool import OUTAGE, Database
from app.log import configure_log
from app.settings import Settings
from tests.faults.conftest import a_new_run, completed, golden_rows, pickup
from tests.faults.fleet import Fleet, Process, a_fleet, exits
from tests.faults.ledger import ledger_of, rows_of
from tests.faults.proxy import Proxy, a_proxy
from tests.faults.server import Server, a_server
from tests.postgres.conftest import eventually

LEASE, HEARTBEAT = 3.0, 1.0
COMPANIES = 5000
LONG_OUTAGE = 300.0
STANDSTILL = 60.0
"""Seconds after the last fault in which nothing is settled: what is left then is stuck."""

RECOVERED = """
SELECT extract(epoch FROM min(again.started_at)) FROM stage_log lost
JOIN LATERAL (
    SELECT started_at FROM stage_log l WHERE l.item_id = lost.item_id AND l.attempt > lost.attempt
) again ON true
WHERE lost.status = 'lost' AND lost.worker_id = $1 GROUP BY lost.item_id
"""
WORKER = "SELECT max(id) FROM workers WHERE pid = $1"
NEXT = """
SELECT extract(epoch FROM min(completed_at)) FROM stage_log WHERE completed_at > to_timestamp($1)
"""
END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND "
SETTLED = "SELECT count(*) FROM stage_log WHERE status NOT IN ('lost', 'returned')"
LISTENERS = f"{END} application_name = 'sluice listener'"
EVERYBODY = f"{END} application_name LIKE 'sluice%'"


@dataclass
class Scene:
    """Where a scenario plays."""

    folder: Path
    server: Server
    proxy: Proxy
    database: Database
    fleet: Fleet
    chance: random.Random
    count: int
    workers: int
    long: float
    options: dict[str, object]
    runs: list[UUID] = field(default_factory=list)
    recovery: list[float] = field(default_factory=list)
    injected: int = 0

    async def keep_busy(self) -> None:
        """See that there is a run to disturb."""
        with suppress(*OUTAGE):
            if not self.runs or await completed(self.database):
                self.runs.append(await a_new_run(self.database, target_quantity=COMPANIES))

    def refill(self) -> None:
        """Start workers in place of those that ended."""
        while len(self.fleet.living) < self.workers:
            self.fleet.start()


Scenario = Callable[[Scene], Awaitable[None]]


@dataclass(frozen=True)
class Fault:
    """A scenario, how often it injects at full count, and what its workers are told."""

    play: Scenario
    count: int
    options: dict[str, object]
    workers: int = 3


async def kill_workers(scene: Scene) -> None:
    """kill -9 of a random worker about every 2 s; recovery: until others have its items."""
    killed: list[tuple[int, float]] = []
    while scene.injected < scene.count:
        await scene.keep_busy()
        await asyncio.sleep(scene.chance.uniform(1, 3))
        victim = await _a_registered(scene)
        worker = await scene.database.fetchval(WORKER, victim.pid)
        victim.kill()
        killed.append((worker, time.time()))
        scene.injected += 1
        scene.refill()
    await _over(scene)
    for worker, at in killed:
        rows = await scene.database.fetch(RECOVERED, worker)
        scene.recovery += [float(row[0]) - at for row in rows]


async def restart_server(scene: Scene) -> None:
    """Postgres stops at once, is down for 0 to 10 s, the last time for five minutes, and workers
    are killed meanwhile; recovery: from the moment it answers until something is settled."""
    ready: list[float] = []
    while scene.injected < scene.count:
        await scene.keep_busy()
        await asyncio.sleep(scene.chance.uniform(5, 15))
        scene.server.stop()
        if scene.chance.random() < 0.5:
            scene.chance.choice(scene.fleet.living).kill()
        last = scene.injected == scene.count - 1
        await asyncio.sleep(scene.long if last else scene.chance.uniform(0, 10))
        await scene.server.start()
        scene.proxy.target = scene.server.address
        ready.append(time.time())
        scene.injected += 1
        scene.refill()
    await _over(scene)
    scene.recovery += [float(at) - since for since in ready
                       if (at := await scene.database.fetchval(NEXT, since))]  # fmt: skip


async def stop_workers(scene: Scene) -> None:
    """Zombies: a worker is stopped for longer than its lease, then goes on and writes."""
    asleep: list[tuple[Process, float]] = []
    while scene.injected < scene.count:
        await scene.keep_busy()
        awake = [each for each in scene.fleet.living if each not in [who for who, _ in asleep]]
        victim = scene.chance.choice(awake)
        victim.send_signal(signal.SIGSTOP)
        asleep.append((victim, time.monotonic() + scene.chance.uniform(1.1, 2.5) * LEASE))
        scene.injected += 1
        await asyncio.sleep(scene.chance.uniform(0.5, 1.5))
        while asleep and (asleep[0][1] < time.monotonic() or len(asleep) > 3):
            await asyncio.sleep(max(asleep[0][1] - time.monotonic(), 0))
            asleep.pop(0)[0].send_signal(signal.SIGCONT)
    for process, _ in asleep:
        process.send_signal(signal.SIGCONT)
    await _over(scene)


async def lose_commits(scene: Scene) -> None:
    """The reply to a COMMIT, and to a claim, a fetch, a finish, never comes."""
    words = ("COMMIT", "Lease what is ready", "procrastinate_fetch_job", "procrastinate_finish_job")
    scene.proxy.cut_replies(
        lambda sql: any(word in sql for word in words) and scene.chance.random() < 0.1, scene.count
    )
    while scene.proxy.cuts < scene.count:
        await scene.keep_busy()
        scene.refill()
        await asyncio.sleep(0.2)
    scene.injected = scene.proxy.cuts
    await _over(scene)


async def lose_listen(scene: Scene) -> None:
    """The LISTEN connections are ended; recovery: until a new run is picked up."""
    await _a_registered(scene)
    while scene.injected < scene.count:
        await scene.database.fetch(LISTENERS)
        scene.injected += 1
        scene.recovery.append(await pickup(scene.database))
    await _over(scene)


async def end_connections(scene: Scene) -> None:
    """All connections are ended every second."""
    while scene.injected < scene.count:
        await scene.keep_busy()
        await scene.database.fetch(EVERYBODY)
        scene.injected += 1
        await asyncio.sleep(1)
    await _over(scene)


async def terminate_workers(scene: Scene) -> None:
    """SIGTERM, every fourth during an outage; recovery: until the process has ended."""
    while scene.injected < scene.count:
        await scene.keep_busy()
        await asyncio.sleep(scene.chance.uniform(0.5, 1.5))
        if scene.injected % 4 == 3:
            scene.chance.choice([scene.proxy.refuse, scene.proxy.hold])()
        victim = await _a_registered(scene)
        victim.terminate()
        began = time.monotonic()
        code = await exits(victim, 60)
        scene.recovery.append(time.monotonic() - began)
        assert code == 0, code
        scene.injected += 1
        scene.proxy.heal()
        scene.refill()
    await _over(scene)


async def storm(scene: Scene) -> None:
    """Kills, stops, restarts, ended connections, resets, silence and lost replies together."""
    faults: list[Callable[[], Awaitable[None] | None]] = [
        lambda: scene.chance.choice(scene.fleet.living).kill(),
        lambda: scene.chance.choice(scene.fleet.living).kill(),
        lambda: _doze(scene.chance.choice(scene.fleet.living), 1.5 * LEASE),
        lambda: _bounce(scene, scene.chance.uniform(0, 5)),
        lambda: _fetch(scene.database, EVERYBODY),
        scene.proxy.reset,
        lambda: _silence(scene.proxy, scene.chance.uniform(0.5, 3 * LEASE)),
        lambda: scene.proxy.cut_replies(lambda _: True, 5),
    ]
    while scene.injected < scene.count:
        await scene.keep_busy()
        result = scene.chance.choice(faults)()
        if result is not None:
            await result
        scene.injected += 1
        await asyncio.sleep(scene.chance.uniform(0.2, 3))
        scene.refill()
    await _over(scene)


FAULTS = {
    "kill": Fault(kill_workers, 1000, {"FAULT_PAUSE": 0.8}, workers=4),
    "restart": Fault(restart_server, 200, {"FAULT_PAUSE": 1}),
    "zombie": Fault(stop_workers, 500, {"FAULT_PAUSE": 0.8}, workers=6),
    "lost_reply": Fault(lose_commits, 2000, {"FAULT_PAUSE": 0.1}),
    "lost_listen": Fault(lose_listen, 1000, {"FAULT_COMPANIES": 1, "FAULT_PAUSE": 0}),
    "terminated": Fault(end_connections, 60, {"FAULT_PAUSE": 0.4}),
    "sigterm": Fault(
        terminate_workers, 100, {"FAULT_PAUSE": 3, "SLUICE_GRACE": 2, "FAULT_COMPANIES": 300}
    ),
    "storm": Fault(storm, 600, {"FAULT_PAUSE": 0.8}, workers=4),
}


@asynccontextmanager
async def a_scene(fault: Fault, seed: int, scale: float) -> AsyncIterator[Scene]:
    """A server, a proxy and a fleet for one scenario."""
    companies = max(int(COMPANIES * min(scale * 2, 1)), 50)
    options = {
        "FAULT_COMPANIES": companies,
        "SLUICE_LEASE": LEASE,
        "SLUICE_HEARTBEAT": HEARTBEAT,
    } | fault.options
    with tempfile.TemporaryDirectory(prefix="sluice-chaos-") as name:
        folder = Path(name)
        async with a_server(folder / "server") as server, a_proxy(server.url) as proxy:
            settings = Settings(SLUICE_DATABASE_URL=server.url)  # type: ignore[call-arg]
            database = await Database.open(settings)
            with a_fleet(folder, proxy.url(server.url), fault.workers, **options) as fleet:
                count = max(int(fault.count * scale), 1)
                chance = random.Random(seed)
                yield Scene(
                    folder,
                    server,
                    proxy,
                    database,
                    fleet,
                    chance,
                    count,
                    fault.workers,
                    min(LONG_OUTAGE * scale, LONG_OUTAGE),
                    options,
                )
            await database.close()


async def play(name: str, seed: int, scale: float) -> tuple[list[str], bool]:
    """Play one scenario; its row of the table, and whether all is well."""
    fault = FAULTS[name]
    async with a_scene(fault, seed, scale) as scene:
        await fault.play(scene)
        found = await ledger_of(scene.database)
        differ = await _differing(scene)
        quarantined = await scene.database.fetchval(
            "SELECT count(*) FROM items WHERE state = 'quarantined'"
        )
        refused = len(scene.fleet.said("late_write_refused"))
    times = sorted(scene.recovery)
    row = [name, scene.injected, found["lost"], found["doubled"], found["stuck"], found["stale"]]
    row += [differ, quarantined, refused, *_percentiles(times)]
    return [str(each) for each in row], not any(found.values()) and differ == 0


async def _differing(scene: Scene) -> int:
    """How many runs ended in other rows than a run without faults."""
    if not scene.runs:
        return 0
    golden = await golden_rows(scene.database, scene.server.url, scene.folder, **scene.options)
    rows = [await rows_of(scene.database, run_id) for run_id in scene.runs]
    return sum(each != golden for each in rows)


async def _a_registered(scene: Scene) -> Process:
    """A worker that has started to work."""

    async def any_registered() -> list[Process]:
        return scene.fleet.registered

    found: list[Process] = await eventually(any_registered)
    return scene.chance.choice(found)


async def _over(scene: Scene) -> None:
    """Heal, and wait until every run has ended, for as long as they move on."""
    scene.proxy.heal()
    scene.refill()
    settled, since = -1, time.monotonic()
    while not await completed(scene.database):
        before, settled = settled, await scene.database.fetchval(SETTLED)
        if settled != before:
            since = time.monotonic()
        if time.monotonic() - since > STANDSTILL:
            scene.fleet.where()
            return
        await asyncio.sleep(0.5)
    with suppress(AssertionError):
        await eventually(lambda: _quiet(scene.database), 30)


async def _quiet(database: Database) -> bool:
    return not await database.fetchval(
        "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"
    )


async def _doze(process: Process, seconds: float) -> None:
    process.send_signal(signal.SIGSTOP)
    await asyncio.sleep(seconds)
    process.send_signal(signal.SIGCONT)


async def _bounce(scene: Scene, seconds: float) -> None:
    scene.server.stop()
    await asyncio.sleep(seconds)
    await scene.server.start()
    scene.proxy.target = scene.server.address


async def _silence(proxy: Proxy, seconds: float) -> None:
    proxy.hold()
    await asyncio.sleep(seconds)
    proxy.heal()


async def _fetch(database: Database, sql: str) -> None:
    with suppress(*OUTAGE):
        await database.fetch(sql)


def _percentiles(times: Sequence[float]) -> list[str]:
    if not times:
        return ["-", "-", "-"]
    p99 = times[min(int(len(times) * 0.99), len(times) - 1)]
    return [f"{each:.2f}" for each in (statistics.median(times), p99, times[-1])]


async def main(arguments: Any) -> int:
    """Play the scenarios that were asked for, and print the table as it grows."""
    configure_log("error", "json")
    seed = arguments.seed if arguments.seed is not None else random.randrange(10**6)
    say = sys.stdout.write
    say(f"seed {seed} (again: --seed {seed}), scale {arguments.scale:g}, lease {LEASE:g} s\n")
    columns = "fault injected lost doubled stuck stale differ quarantined refused median p99 max s"
    say("".join(f"{word:>12}" for word in columns.split()) + "\n")
    well = True
    for name in arguments.faults or FAULTS:
        began = time.monotonic()
        row, clean = await play(name, seed, arguments.scale)
        well = well and clean
        row.append(f"{time.monotonic() - began:.0f}")
        say("".join(f"{word:>12}" for word in row) + ("" if clean else "  <-- not clean") + "\n")
        sys.stdout.flush()
    return 0 if well else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("faults", nargs="*", choices=[[], *FAULTS], metavar="FAULT")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--scale", type=float, default=1.0)
    sys.exit(asyncio.run(main(parser.parse_args())))
