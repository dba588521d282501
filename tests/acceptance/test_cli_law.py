"""A list that falls short, people who are to be left alone, and who is forgotten: by commands."""

import csv
from pathlib import Path

from tests.acceptance.conftest import SAMPLE, Cli

RUN = ("run", "--source", f"csv_file:{SAMPLE}/companies.csv", "--replay", f"{SAMPLE}/web",
       "--criteria", '{"city": "Austin", "pms": "Buildium"}', "--quantity", "500",
       "--output-dir", "out", "--on-shortfall", "ask")  # fmt: skip


def _rows(path: str) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


async def test_a_person_decides_suppresses_and_forgets(cli: Cli) -> None:
    waiting = await cli(*RUN, "--json")
    run = waiting.json["run"][:8]
    assert (waiting.code, waiting.json["status"]) == (4, "needs_decision")
    assert waiting.json["found"] == waiting.json["delivered"] + sum(
        each["count"] for each in waiting.json["missing"]
    )
    assert not (cli.folder / "out").exists()
    shown = (await cli("status", run)).out
    assert f"sluice decide {run} accept" in shown

    done = await cli("decide", run, "accept", "--reason", "enough", "--json")
    assert (done.code, done.json["status"]) == (0, "completed")
    assert [each["what"] for each in done.json["decisions"]] == ["asked", "accept"]
    people = _rows(done.json["contacts_path"])
    again = await cli("decide", run, "accept")
    assert again.code == 2
    assert "is completed: there is nothing to decide" in again.complaint

    alone, forgotten = people[0]["company_domain"], people[-1]["email"]
    assert (await cli("suppress", "add", alone, "--reason", "a client")).code == 0
    assert (await cli("suppress", "check", f"a@{alone}", "--json")).json["suppressed"]
    erased = (await cli("forget", forgotten, "--json")).json
    assert erased["erased"]["contacts"] == 1
    assert done.json["contacts_path"] in erased["files"]

    later = await cli("export", run, "--output-dir", "later", "--evidence", "--json")
    paths = {each["kind"]: each["path"] for each in later.json["files"]}
    companies, contacts = _rows(paths["companies_csv"]), _rows(paths["contacts_csv"])
    assert len(companies) >= 4
    assert alone not in {row["domain"] for row in companies}
    assert alone not in {row["company_domain"] for row in contacts}
    assert forgotten not in {row["email"] for row in contacts}
    assert all(row["suppression_checked_at"] for row in [*companies, *contacts])
