"""app/packagers/csv.py"""

import asyncio
import csv
import hashlib
import json
import re
import tracemalloc
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from itertools import repeat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import registry
from app.packagers import Artifact, Row
from app.packagers._cells import cell, guarded
from app.packagers.csv import COMPANY_COLUMNS, CONTACT_COLUMNS, PACKAGER

STAMP = "abcdef12_20260102_030405"
COMPANIES, CONTACTS = f"companies_{STAMP}.csv", f"contacts_{STAMP}.csv"
MANIFEST = f"manifest_{STAMP}.json"


@dataclass
class Rows:
    """A snapshot of given rows."""

    company_rows: Iterable[Row] = ()
    contact_rows: Iterable[Row] = ()
    run_short_id: str = "abcdef12"
    about: Mapping[str, object] = field(default_factory=lambda: {"run": "abcdef12-0"})
    created_at: datetime = field(
        default=datetime(2026, 1, 1, 22, 4, 5, tzinfo=timezone(-timedelta(hours=5)))
    )

    async def companies(self) -> AsyncIterator[Row]:
        for row in self.company_rows:
            yield row

    async def contacts(self) -> AsyncIterator[Row]:
        for row in self.contact_rows:
            yield row


async def write(folder: Path, rows: Rows, with_evidence: bool = False) -> tuple[Artifact, ...]:
    return await PACKAGER(rows, folder, with_evidence=with_evidence)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, strict=True))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_the_folder_lists_it() -> None:
    assert registry.load("app.packagers", "csv", "PACKAGER") is PACKAGER


async def test_both_files_have_exactly_their_columns(tmp_path: Path) -> None:
    await write(tmp_path, Rows())

    files = contents(tmp_path)
    assert files.keys() == {COMPANIES, CONTACTS, MANIFEST}
    assert files == files | {
        COMPANIES: b"company_name,domain,website,state,pms_detected,units_estimate,company_type,"
        b"description,discovery_source,icp_fit,icp_tier,icp_confidence,disqualifiers,created_at"
        b"\r\n",
        CONTACTS: b"full_name,title,email,linkedin_url,department,seniority,quality_score,"
        b"company_name,company_domain,company_website,company_state,personalization_notes,"
        b"created_at\r\n",
    }


async def test_values_are_written_as_people_and_programs_read_them(tmp_path: Path) -> None:
    row = {
        "company_name": "Grünwald & Söhne",
        "description": 'Says "hello",\nand more',
        "units_estimate": 450,
        "icp_fit": True,
        "icp_confidence": 0.87,
        "disqualifiers": ["wrong_place", "closed"],
        "created_at": "2026-01-02T03:04:05.678+01:00",
        "company_id": 7,
    }

    await write(tmp_path, Rows([row, {"company_name": "Bare"}]))

    first, second = read(tmp_path / COMPANIES)
    assert first == dict.fromkeys(COMPANY_COLUMNS, "") | {
        "company_name": "Grünwald & Söhne",
        "description": 'Says "hello",\nand more',
        "units_estimate": "450",
        "icp_fit": "true",
        "icp_confidence": "0.87",
        "disqualifiers": "wrong_place; closed",
        "created_at": "2026-01-02T02:04:05Z",
    }
    assert second == dict.fromkeys(COMPANY_COLUMNS, "") | {"company_name": "Bare"}
    assert not (tmp_path / COMPANIES).read_bytes().startswith(b"\xef\xbb\xbf")


async def test_rows_keep_their_order_and_end_in_crlf(tmp_path: Path) -> None:
    rows = [{"full_name": f"Person {n}"} for n in range(1203)]

    await write(tmp_path, Rows(contact_rows=rows))

    written = read(tmp_path / CONTACTS)
    assert [row["full_name"] for row in written] == [row["full_name"] for row in rows]
    assert (tmp_path / CONTACTS).read_bytes().count(b"\r\n") == 1204


async def test_evidence_adds_a_source_for_every_column_after_all_columns(tmp_path: Path) -> None:
    row = {"company_name": "Oak", "company_name_source": "https://oak.example/"}

    await write(tmp_path, Rows([row]), with_evidence=True)

    [written] = read(tmp_path / COMPANIES)
    assert list(written) == [
        *(*COMPANY_COLUMNS, *(f"{name}_source" for name in COMPANY_COLUMNS)),
        "suppression_checked_at",
    ]
    assert written["company_name_source"] == "https://oak.example/"
    [*columns] = (tmp_path / CONTACTS).read_text().strip().split(",")
    assert columns == [
        *(*CONTACT_COLUMNS, *(f"{name}_source" for name in CONTACT_COLUMNS)),
        "suppression_checked_at",
    ]


async def test_the_artifacts_say_what_was_written(tmp_path: Path) -> None:
    made = await write(tmp_path / "new" / "folder", Rows([{}, {}], [{}]))

    assert [(each.kind, each.path.name, each.rows) for each in made] == [
        ("companies_csv", COMPANIES, 2),
        ("contacts_csv", CONTACTS, 1),
        ("manifest", MANIFEST, 0),
    ]
    for each in made:
        assert hashlib.sha256(each.path.read_bytes()).hexdigest() == each.sha256


async def test_the_manifest_names_the_files_with_their_hashes(tmp_path: Path) -> None:
    companies, contacts, seal = await write(tmp_path, Rows([{}, {}], [{}]))

    assert json.loads(seal.path.read_bytes()) == {
        "run": "abcdef12-0",
        "files": [
            {"name": COMPANIES, "kind": "companies_csv", "rows": 2, "sha256": companies.sha256},
            {"name": CONTACTS, "kind": "contacts_csv", "rows": 1, "sha256": contacts.sha256},
        ],
    }


async def test_the_same_snapshot_gives_the_same_bytes(tmp_path: Path) -> None:
    rows = [{"company_name": f"Firm {n}"} for n in range(10)]

    first = await write(tmp_path / "a", Rows(rows))
    again = await write(tmp_path / "a", Rows(rows))
    other = await write(tmp_path / "b", Rows(rows))

    assert [each.sha256 for each in first] == [each.sha256 for each in again]
    assert [each.sha256 for each in first] == [each.sha256 for each in other]
    assert len(contents(tmp_path / "a")) == 3


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\nplain",
        "  =1",
        '"=1',
        "'=1",
        " \"' =1",
        "\u00a0=1",
        "\ufeff=1",
        "\u201c=1",
        "＝1+1",
        "＋1",
        "－1+1",
        "＠SUM",
        "- a list",
        "-",
        "+1 (512) 555-0100",
        "+1-512-555-0100",
        '=HYPERLINK("https://x.example","a")',
    ],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    ["", "Oak", "a=b", "12", "-5", "-0.5", "+15125550100", "+1 512 555 0100", "(512) 555-0100",
     "512-555-0100", "me@oak.example", "https://oak.example/?a=b", "'quoted'", "' '"],
)  # fmt: skip
def test_what_it_would_not_run_stays(text: str) -> None:
    assert guarded(text) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-3, "-3"),
        (0.5, "0.5"),
        (float("nan"), ""),
        (float("inf"), ""),
        (Decimal("0.10"), "0.10"),
        (datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=timezone(timedelta(hours=2))),
         "2026-01-02T01:04:05Z"),
        (date(2026, 1, 2), "2026-01-02"),
        ((), ""),
        (["a", None, "b"], "a; b"),
        (["=1", "b"], "'=1; b"),
        ({"a": "é"}, '{"a": "é"}'),
        ("a\x00b\x07c", "abc"),
        ("a\r\nb\rc\td", "a\nb\nc\td"),
    ],
)  # fmt: skip
def test_every_kind_of_value_has_one_text(value: object, text: str) -> None:
    assert cell("x", value) == text


@given(st.text() | st.text("=+-@'\" \t\n1a＝", max_size=6))
def test_no_text_begins_as_a_formula_and_none_is_lost(text: str) -> None:
    written = cell("x", text)

    shown = re.sub(r"^[\s\"']+", "", written)
    runs = written[:1] != "'" and shown[:1] in tuple("=+-@＝＋－＠")
    assert not runs or re.fullmatch(r"[+-]?[\d ]+([.,]\d+)?", shown)
    assert guarded(written.removeprefix("'")) == written or guarded(written) == written


@given(st.lists(st.text(max_size=20), min_size=1, max_size=20))
def test_any_text_comes_back_from_the_file(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("out")

    asyncio.run(write(folder, Rows([{"company_name": name} for name in names])))

    expected = [cell("x", name).encode(errors="replace").decode() for name in names]
    assert [row["company_name"] for row in read(folder / COMPANIES)] == expected


async def test_memory_stays_flat_and_the_loop_alive(tmp_path: Path) -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    counting = asyncio.create_task(count())
    tracemalloc.start()

    await write(tmp_path, Rows(repeat({"description": "x" * 200}, 20_000)))

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    counting.cancel()
    assert peak < (tmp_path / COMPANIES).stat().st_size / 4
    assert turns >= 40
