"""Discovery reads source after source; one that fails is named, and the others go on."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from app.errors import InputError, Unreachable
from app.pipeline.graph import Graph
from app.pipeline.outcomes import Found, Records, Snooze
from app.pipeline.stage import Work
from app.records.run import Run
from app.report import Report, load_report
from app.settings import Settings
from app.sources import Batch, Opened
from app.wiring import open_engine
from tests.factories import NOW, a_request, a_run, a_stage, companies
from tests.postgres.conftest import nothing
from workers import discovery, intake


@dataclass
class Listed:
    """A source of `holds` companies from number `start` on, a service; `fails` is asked before each
    batch."""

    start: int
    holds: int = 4
    fails: Callable[[int], Exception | None] = lambda offset: None
    bad: Exception | None = None
    asked: list[int] = field(default_factory=list)

    async def check(self, criteria: Any) -> None:
        if self.bad:
            raise self.bad

    async def batch(self, criteria: Any, offset: Any, size: int, now: datetime) -> Batch:
        self.asked.append(offset)
        if error := self.fails(offset):
            raise error
        end = min(offset + size, offset + 3, self.holds)
        return Batch(companies(end - offset, self.start + offset), end, end == self.holds)


def away(offset: int) -> Exception:
    return Unreachable("connection", "the service takes no connection")


def broken(offset: int) -> Exception | None:
    return InputError("list.csv line 7: bad") if offset == 3 else None


def broken_at_once(offset: int) -> Exception:
    return InputError("list.csv: is empty")


async def alone(work: Work) -> bool:
    return True


async def sifted(run: Run, found: Sequence[Found]) -> Records:
    return Records(found=tuple(found))


def _tools(opened: list[Opened]) -> Any:
    return SimpleNamespace(sources=lambda run: opened, now=lambda: NOW, sift=sifted, is_first=alone)


async def _run(
    settings: Settings, *sources: Listed, quantity: int = 50
) -> tuple[Report, list[str]]:
    """A run over these sources to its end, and the domains it found in order."""
    opened = [Opened(f"made:{n}", "CC0" if n else "", each) for n, each in enumerate(sources)]
    tools = SimpleNamespace(
        sources=lambda run: opened, now=lambda: NOW, sift=sifted, is_first=alone
    )
    graph = Graph.of(
        [
            intake.STAGE,
            a_stage("plan", 2, nothing, ["intake"], unit="run"),
            discovery.STAGE,
            a_stage("company_research", 4, nothing, ["discovery"]),
            a_stage("export", 9, nothing, ["company_research"], unit="run"),
        ]
    )
    names = tuple(each.name for each in opened)
    async with open_engine(settings, graph=graph) as engine:
        run = await engine.orchestrator.create(a_request(sources=names, target_quantity=quantity))
        worker = engine.worker([stage.name for stage in graph], tools)
        await asyncio.wait_for(worker.run(until_idle=True), 30)
        rows = await engine.database.fetch("SELECT domain FROM companies ORDER BY ordinal")
        return await load_report(engine.database, run.id), [row["domain"] for row in rows]


async def test_sources_are_read_in_the_order_given(settings: Settings) -> None:
    report, found = await _run(settings, Listed(20), Listed(10))

    assert found == [f"c{n}.example" for n in (20, 21, 22, 23, 10, 11, 12, 13)]
    assert [(each.status, each.found, each.licence) for each in report.sources] == [
        ("done", 4, ""),
        ("done", 4, "CC0"),
    ]
    assert report.progress.notes == ()


async def test_what_is_not_needed_is_not_read(settings: Settings) -> None:
    report, _ = await _run(settings, Listed(20, 9), Listed(10), quantity=1)

    assert [each.status for each in report.sources] == ["open", "waiting"]


async def test_a_source_that_fails_for_good_is_named_and_the_others_go_on(
    settings: Settings,
) -> None:
    report, found = await _run(settings, Listed(20), Listed(30, 9, broken), Listed(10))

    assert found[4:] == [f"c{n}.example" for n in (30, 31, 32, 10, 11, 12, 13)]
    assert report.progress.run.status == "completed"
    assert report.progress.notes == (
        "source made:1 failed, after 3 companies: list.csv line 7: bad",
    )
    assert report.sources[1].status == "failed"
    assert report.sources[1].error == "list.csv line 7: bad"
    assert "the sources that could be read hold no more than 11" in report.sentence()


async def test_the_others_go_on_at_once_without_a_source_that_is_away(settings: Settings) -> None:
    gone = Listed(30, fails=away)

    report, found = await _run(settings, Listed(20), gone, Listed(10))

    assert len(gone.asked) == 1
    assert [each.status for each in report.sources] == ["done", "failed", "done"]
    assert report.sources[1].error == "the service takes no connection"
    assert len(found) == 8
    assert report.progress.run.status == "completed"


async def test_what_is_found_goes_on_before_a_service_is_asked() -> None:
    service = Listed(30)
    opened = [Opened("made:0", "", Listed(1)), Opened("made:1", "CC0", service)]

    first: Any = await discovery.handle(_batch(None), _tools(opened))

    assert len(first.records.found) == 3
    assert not first.result["exhausted"]
    assert service.asked == []


async def test_the_only_source_is_asked_again_with_the_item(settings: Settings) -> None:
    gone = Listed(30, fails=away)

    report, _ = await _run(settings, Listed(1, fails=broken_at_once), gone)

    assert len(gone.asked) == settings.attempts + 1  # once more when the first source failed
    assert report.progress.run.status == "failed"
    assert [each.error for each in report.sources] == [
        "list.csv: is empty",
        "the service takes no connection",
    ]


async def test_an_only_source_that_comes_back_loses_nothing(settings: Settings) -> None:
    errors = [away(0), away(0)]
    shaky = Listed(30, fails=lambda offset: errors.pop() if errors else None)

    report, found = await _run(settings, shaky)

    assert len(found) == 4
    assert report.progress.notes == ()


async def test_a_source_that_takes_its_worker_down_is_passed_over(settings: Settings) -> None:
    def bug(offset: int) -> Exception:
        return ZeroDivisionError("in the source")

    report, found = await _run(settings, Listed(30, fails=bug), Listed(10))

    assert len(found) == 4
    assert report.sources[0].error == "ZeroDivisionError: in the source"


@pytest.mark.parametrize("fails", [away, lambda offset: InputError("the file is gone")])
async def test_only_when_all_sources_fail_does_the_run(
    settings: Settings, fails: Callable[[int], Exception]
) -> None:
    report, found = await _run(settings, Listed(1, fails=fails), Listed(9, fails=fails))

    assert found == []
    assert report.progress.run.status == "failed"
    reasons = f"source made:0 failed: {fails(0)}; source made:1 failed: {fails(0)}"
    assert report.progress.notes[-1] == f"stage discovery failed: {reasons}"


async def test_intake_names_a_bad_source_and_ends_the_run_only_without_any(
    settings: Settings,
) -> None:
    bad = InputError("list.csv: is empty")

    some, _ = await _run(settings, Listed(1, bad=bad, fails=lambda offset: bad), Listed(9))
    none, _ = await _run(settings, Listed(1, bad=bad))

    assert some.progress.run.status == "completed"
    assert some.progress.notes == ("source made:0 failed: list.csv: is empty",)
    assert none.progress.notes == ("stage intake failed: source made:0 failed: list.csv: is empty",)


async def test_a_source_that_is_added_later_is_read_after_the_others() -> None:
    opened = [Opened("made:0", "", Listed(1, 3))]
    tools: Any = SimpleNamespace(
        sources=lambda run: opened, now=lambda: NOW, sift=sifted, is_first=alone
    )
    first: Any = await discovery.handle(_batch(None), tools)
    assert first.result["exhausted"]

    opened.append(Opened("made:1", "CC0", Listed(4, 2)))
    second: Any = await discovery.handle(_batch(first.result["cursor"]), tools)

    assert [each.company.domain for each in second.records.found] == ["c4.example", "c5.example"]
    assert [(each["source"], each["found"]) for each in second.result["sources"]] == [
        ("made:0", 3),
        ("made:1", 2),
    ]


def _batch(cursor: Any) -> Work:
    return Work(1, "discovery", 1, a_run(), input={"cursor": cursor, "size": 9})


async def test_of_two_batches_the_second_waits(settings: Settings) -> None:
    async def second(work: Work) -> bool:
        return False

    outcome = await discovery.handle(_batch(None), SimpleNamespace(is_first=second))  # type: ignore[arg-type]

    assert isinstance(outcome, Snooze)
