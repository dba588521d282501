"""The real stages on the bundled sample, with workers killed and stopped all the while."""

import asyncio
import csv
import random
import signal
from pathlib import Path

from app.api import execute_full_pipeline
from app.db.pool import Database
from app.settings import Settings
from tests.faults.fleet import Fleet, a_fleet
from tests.postgres.conftest import eventually

SAMPLE = Path(__file__).parents[2] / "app" / "sample"
KILLS = 8
WITHIN = 120


async def test_a_run_through_kills_writes_the_rows_of_a_calm_run(
    database: Database, settings: Settings, tmp_path: Path, chance: random.Random
) -> None:
    url = settings.database_url.get_secret_value()

    with a_fleet(tmp_path, url, 3, module="workers", SLUICE_CONCURRENCY=2) as fleet:
        calm = await _rows(settings, tmp_path / "calm")
        storm = asyncio.create_task(_rows(settings, tmp_path / "storm"))
        await eventually(lambda: database.fetchval("SELECT count(*) = 2 FROM runs"))
        injected = 0
        while not storm.done() and injected < KILLS:
            await asyncio.sleep(chance.uniform(0.1, 0.6))
            _disturb(fleet, chance)
            injected += 1
        disturbed = await asyncio.wait_for(storm, WITHIN)

    assert injected > 0
    assert len(calm[0]) > 20
    assert disturbed == calm


def _disturb(fleet: Fleet, chance: random.Random) -> None:
    """Kill one and start another; now and then let one sleep past its lease first."""
    victim = chance.choice(fleet.living)
    if chance.random() < 0.3:
        victim.send_signal(signal.SIGSTOP)
        asyncio.get_running_loop().call_later(3, victim.send_signal, signal.SIGCONT)
    else:
        victim.kill()
    fleet.start()


async def _rows(settings: Settings, folder: Path) -> list[list[tuple[str, ...]]]:
    """The rows of both files of one run, without what tells when they were made."""
    result = await execute_full_pipeline(
        {},
        40,
        0,
        3,
        output_dir=folder,
        sources=[f"csv_file:{SAMPLE / 'companies.csv'}"],
        replay_dir=SAMPLE / "web",
        settings=settings,
    )
    return [_read(result.companies_path), _read(result.contacts_path)]


def _read(path: Path) -> list[tuple[str, ...]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            tuple(value for name, value in row.items() if name != "created_at")
            for row in csv.DictReader(file)
        ]
