"""The order in which work is done changes no byte: one worker or eight, in any order."""

import asyncio
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from app.extracting import Reader
from app.records.criteria import Criteria
from app.records.run import RunRequest
from app.report import load_report
from app.request import check_request
from app.settings import Settings
from app.tools import open_tools
from app.wiring import open_engine
from tests.postgres.conftest import eventually

SAMPLE = Path(__file__).parents[2] / "app" / "sample"


@pytest.fixture
def shuffled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every site takes a while of chance to be read."""
    chance, facts = random.Random(7), Reader.facts

    async def late(self: Reader) -> Any:
        await asyncio.sleep(chance.uniform(0, 0.3))
        return await facts(self)

    monkeypatch.setattr(Reader, "facts", late)


async def _files(settings: Settings, folder: Path, workers: int, at_once: int) -> Sequence[bytes]:
    """The bytes of both files of a run over the sample."""
    asked = RunRequest(
        Criteria(),
        (f"csv_file:{SAMPLE / 'companies.csv'}", f"overture:{SAMPLE / 'places.parquet'}"),
        str(folder),
        target_quantity=25,
        contacts_min=0,
        replay_dir=str(SAMPLE / "web"),
    )
    request = await check_request(asked, settings)
    async with (
        open_engine(settings) as engine,
        open_tools(settings, engine.database, engine.budget) as tools,
    ):
        run = await engine.orchestrator.create(request)
        names = [stage.name for stage in engine.graph]
        staff = [engine.worker(names, tools, at_once) for _ in range(workers)]
        tasks = [asyncio.create_task(worker.run()) for worker in staff]

        async def written() -> Any:
            report = await load_report(engine.database, run.id)
            return report if report.progress.run.status == "completed" else None

        try:
            report = await eventually(written, 60)
        finally:
            for worker in staff:
                worker.stop()
                worker.stop()
            await asyncio.wait(tasks, timeout=20)
    paths = [Path(report.file(f"{kind}_csv").path) for kind in ("companies", "contacts")]
    return [await asyncio.to_thread(path.read_bytes) for path in paths]


@pytest.mark.usefixtures("database", "shuffled")
async def test_one_worker_or_eight_write_the_same_bytes(settings: Settings, tmp_path: Path) -> None:
    alone = await _files(settings, tmp_path / "one", workers=1, at_once=1)
    crowd = await _files(settings, tmp_path / "eight", workers=8, at_once=6)

    assert [len(file.splitlines()) > 20 for file in alone] == [True, True]
    assert crowd == alone
