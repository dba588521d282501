"""What waits for a person goes out to a sheet, and its decisions come back line by line."""

import csv
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from app.clock import SystemClock
from app.errors import InputError
from app.judging import Judge
from app.pipeline.graph import Graph
from app.records.run import Run
from app.review import Imported, Reviews, export_sheet
from app.runner import company_of
from app.wiring import Engine
from tests.postgres.conftest import opened  # noqa: F401
from tests.stages.test_validation import carried, finished, the_graph

Opened = Callable[[Graph], Awaitable[Engine]]
Rows = list[dict[str, str]]


class Desk:
    """A run with companies in review, and a sheet on a person's desk."""

    def __init__(self, engine: Engine, run: Run, folder: Path) -> None:
        self.engine, self.run, self.path = engine, run, folder / "sheet.csv"

    async def export(self) -> Rows:
        self.path.unlink(missing_ok=True)
        await export_sheet(self.engine.database, self.run, self.path)
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    async def take(self, rows: Rows, delimiter: str = ",") -> Imported:
        with self.path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
            writer.writeheader()
            writer.writerows(rows)
        reviews = Reviews(self.engine.database, self.engine.orchestrator, self.engine.graph)
        return await reviews.take(self.run, self.path)

    async def standing(self) -> dict[str, str]:
        rows = await self.engine.database.fetch("SELECT domain, status FROM companies")
        return {row["domain"]: row["status"] for row in rows}

    async def status(self) -> str:
        return str(await self.engine.database.fetchval("SELECT status FROM runs"))


@pytest.fixture
async def desk(opened: Opened, tmp_path: Path) -> Desk:  # noqa: F811
    engine = await opened(the_graph())
    report = await carried(engine)
    return Desk(engine, report.progress.run, tmp_path)


async def test_a_sheet_has_a_row_for_each_company_and_person_in_doubt(desk: Desk) -> None:
    rows = await desk.export()

    assert [(row["company"], row["person"], row["reason"][:12]) for row in rows] == [
        ("Oak", "Olu Okafor", "a name alone"),
        ("Elm", "", "the home pag"),
        ("Ash", "Olu Okafor", "a name alone"),
    ]
    with pytest.raises(InputError, match="may hold decisions"):
        await export_sheet(desk.engine.database, desk.run, desk.path)


async def test_what_is_approved_flows_on_and_what_is_rejected_is_out(desk: Desk) -> None:
    oak, elm, ash = await desk.export()

    taken = await desk.take(
        [
            elm | {"decision": "Approve", "note": "I called: open"},
            ash | {"decision": "reject"},
            oak,
        ],
        delimiter=";",
    )

    assert taken == Imported(1, 1, 1, ())
    assert await desk.status() == "active"
    report = await finished(desk.engine, desk.run)
    standing = await desk.standing()
    assert (standing["elm.example"], standing["ash.example"]) == ("ready", "rejected")
    assert report.statistics["company_validation"] == {
        "total": 5, "valid": 4, "invalid": 1, "review": 0}  # fmt: skip
    assert report.statistics["readiness"] == {"total": 2, "ready": 2, "not_ready": 0}
    exports = await desk.engine.database.fetch("SELECT state FROM items WHERE stage = 'export'")
    assert [row["state"] for row in exports] == ["done", "done"]
    noted = await desk.engine.database.fetchval(
        "SELECT reasons -> -1 ->> 'reason' FROM companies WHERE domain = 'elm.example'"
    )
    assert noted.endswith(": I called: open")


async def test_a_person_who_is_approved_lets_their_company_go_on(desk: Desk) -> None:
    rows = await desk.export()

    await desk.take([rows[2] | {"decision": "approve"}])

    report = await finished(desk.engine, desk.run)
    assert (await desk.standing())["ash.example"] == "ready"
    assert report.contacts == 2


async def test_a_person_who_is_approved_at_a_company_that_was_ready_is_exported_too(
    desk: Desk,
) -> None:
    rows = await desk.export()

    await desk.take([rows[0] | {"decision": "approve"}])

    assert (await finished(desk.engine, desk.run)).contacts == 2


async def test_what_a_person_decided_stands_when_the_checks_run_again(desk: Desk) -> None:
    oak, elm, _ = await desk.export()
    await desk.take([oak | {"decision": "reject"}, elm | {"decision": "approve"}])
    await finished(desk.engine, desk.run)
    judge = Judge.of(desk.engine.database, SystemClock())
    companies = {
        row["domain"]: company_of(row)
        for row in await desk.engine.database.fetch("SELECT * FROM companies")
    }

    again = await judge.company(desk.run, companies["elm.example"])
    people = await judge.contacts(desk.run, companies["oak.example"])

    assert again.verdict == "valid"
    assert [each.check for each in again.reasons][-1] == "person"
    assert {each.subject: each.verdict for each in people}["olu-okafor"] == "invalid"


async def test_lines_that_cannot_be_taken_are_named_and_the_others_are_taken(desk: Desk) -> None:
    oak, elm, ash = await desk.export()
    await desk.take([ash | {"decision": "reject"}])

    taken = await desk.take(
        [
            oak | {"decision": "maybe"},
            elm | {"decision": "reject"},
            elm | {"decision": "approve"},
            ash | {"decision": "approve"},
        ]
    )

    assert (taken.approved, taken.rejected) == (0, 1)
    assert taken.refused == (
        "line 2: decision 'maybe' is neither approve nor reject",
        f"line 4: {elm['id']} is decided in line 3 already",
        f"line 5: {ash['id']} is not in review any more",
    )
    assert await desk.status() == "completed"


async def test_a_sheet_with_an_edited_id_changes_nothing(desk: Desk) -> None:
    oak, elm, _ = await desk.export()
    before = await desk.standing()

    with pytest.raises(InputError, match=r"the id was edited.* in line 3"):
        await desk.take([elm | {"decision": "reject"}, oak | {"id": elm["id"]}])

    assert await desk.standing() == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no review sheet"),
        (b"name,website\nA,b\n", "no column id, check, decision, note"),
        (b"\xff\xfe\x00", "no UTF-8"),
        (b'id,check,decision,note\n"x', "line 2"),
    ],
)
async def test_what_is_no_sheet_is_refused_in_one_line(
    desk: Desk, content: bytes, said: str
) -> None:
    desk.path.write_bytes(content)
    reviews = Reviews(desk.engine.database, desk.engine.orchestrator, desk.engine.graph)

    with pytest.raises(InputError, match=said) as raised:
        await reviews.take(desk.run, desk.path)

    assert "\n" not in str(raised.value)
