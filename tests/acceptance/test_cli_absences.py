"""Every empty cell says why, in the files, in `sluice status` and in `sluice explain`."""

import csv
import json
import re
import shutil
from collections import Counter
from pathlib import Path

from tests.acceptance.conftest import SAMPLE, Cli

_TWO_PORTALS = """<title>Two Portals</title><h1>Two Portals</h1>
<p>Property management: we manage 450 units. Today we manage 1,300 units.</p>
<a href="https://twoportals.appfolio.com/connect">Owners</a>
<a href="https://twoportals.managebuilding.com/Resident/public/home">Residents</a>"""
KINDS = ("not_looked", "not_found", "blocked", "failed", "conflicting", "withheld")


def _write_webs(folder: Path) -> None:
    """The sample, where a page of one firm cannot be reached; a firm with two portals."""
    web = folder / "web"
    shutil.copytree(SAMPLE / "web", web)
    outage = {"/meet-us.html": {"error": "unreachable", "cause": "timeout"}}
    (web / "pecanmortar.example" / ".sluice-replay.json").write_text(json.dumps(outage))
    (web / "twoportals.example").mkdir()
    (web / "twoportals.example" / "index.html").write_text(_TWO_PORTALS)
    (folder / "two.csv").write_text(
        "company,website,phone\nTwo Portals,twoportals.example,512 555 0109\n"
    )


async def test_every_cell_has_either_its_evidence_or_one_reason_and_an_outage_is_no_none(
    cli: Cli,
) -> None:
    _write_webs(cli.folder)

    told = (
        await cli(
            *("run", "--source", f"csv_file:{SAMPLE / 'companies.csv'}", "--replay", "web"),
            *("--source", "csv_file:two.csv"),
            *("--quantity", "40", "--contacts-min", "0", "--evidence", "--json"),
        )
    ).json

    companies, contacts = (_rows(told[f"{kind}_path"]) for kind in ("companies", "contacts"))
    assert len(companies) > 20
    empty: Counter[tuple[bool, str, str]] = Counter()
    for row in (*companies, *contacts):
        for column in row:
            source = row.get(f"{column}_source")
            if source is None:
                continue
            kind = re.match(rf"({'|'.join(KINDS)}): (?!nothing is stored)\S", source)
            assert source
            assert bool(kind) == (row[column] == ""), (row["created_at"], column, source)
            if kind and not column.startswith("company_"):
                empty["full_name" in row, column, kind[1]] += 1
    counted = {
        (gap["of_people"], gap["field"], gap["kind"]): gap["ready"] for gap in told["absences"]
    }
    for (of_people, field, kind_), count in empty.items():
        assert of_people or counted[of_people, field, kind_] == count
    [pecan] = [row for row in companies if row["domain"] == "pecanmortar.example"]
    blanks = [column for column in ("units_estimate", "pms_detected") if not pecan[column]]
    assert all(pecan[f"{column}_source"].startswith("failed: ") for column in blanks)
    [two] = [row for row in companies if row["domain"] == "twoportals.example"]
    for column in ("pms_detected", "units_estimate"):
        assert two[column] == ""
        assert two[f"{column}_source"].startswith("conflicting: "), two
    run = told["run"]
    blocked = (await cli("explain", run, "oldsettlersrental.example", "--json")).json
    absent = (await cli("explain", run, "gablegrange.example", "--json")).json
    nameless = (await cli("explain", run, "Barrow & Tine Rentals", "--json")).json
    for answer, kind_ in ((blocked, "blocked"), (absent, "failed"), (nameless, "not_looked")):
        assert {gap["kind"] for gap in answer["absences"]} == {kind_}
    shown = (await cli("status", run)).out
    assert re.search(r"^empty .*not_found.*conflicting", shown, re.MULTILINE)


def _rows(path: str) -> list[dict[str, str]]:
    with Path(path).open(newline="") as file:
        return list(csv.DictReader(file))
