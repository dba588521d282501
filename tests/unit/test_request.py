"""What a person typed is checked in full before anything is created."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.errors import InputError
from app.records.criteria import Criteria
from app.records.run import RunRequest
from app.request import check_request, check_writable, parse_column_map, read_criteria
from app.settings import Settings


@pytest.fixture
def request_(tmp_path: Path) -> RunRequest:
    """A request that passes every check."""
    csv = tmp_path / "list.csv"
    csv.write_text("name,website\nCompany One,https://one.example\n")
    return RunRequest(Criteria(), (f"csv_file:{csv}",), str(tmp_path / "out"))


async def test_a_good_request_passes_with_absolute_paths_and_creates_nothing(
    request_: RunRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    typed = replace(request_, sources=("csv_file:list.csv",), output_dir="new/out")

    checked = await check_request(typed, Settings())

    assert checked.sources == request_.sources
    assert checked.output_dir == str(tmp_path / "new" / "out")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"target_quantity": 0}, "quantity 0 is not between 1 and 1,000,000"),
        ({"target_quantity": 10**9}, "quantity 1000000000 is not between"),
        ({"contacts_min": 4}, "contacts-min 4 is above contacts-max 3"),
        ({"contacts_min": -1}, "contacts -1 to 3: both must be between 0"),
        ({"sources": ()}, "no source: give --source"),
        ({"sources": ("csv_fle:x",)}, "did you mean 'csv_file'?"),
        ({"sources": ("csv_file",)}, "source csv_file needs a path: --source csv_file:PATH"),
        ({"sources": ("csv_file:/nowhere/x.csv",)}, "x.csv: cannot be read: No such file"),
        ({"replay_dir": "/nowhere/web"}, "replay folder /nowhere/web does not exist"),
        ({"notify_email": "nobody"}, "e-mail address 'nobody' is not valid"),
        ({"notify_email": "a@list.example\nBcc: b@list.example"}, "is not valid"),
        ({"stage_timeout": 0.0}, "timeout 0 is no number of seconds above 0"),
        ({"stage_timeout": float("nan")}, "timeout nan is no number"),
        ({"stage_timeout": float("inf")}, "timeout inf is no number"),
    ],
)
async def test_bad_input_is_refused_in_one_line(
    request_: RunRequest, change: dict[str, Any], reason: str
) -> None:
    with pytest.raises(InputError) as caught:
        await check_request(replace(request_, **change), Settings())

    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


async def test_a_folder_below_a_file_cannot_be_written(
    request_: RunRequest, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")

    typed = replace(request_, output_dir=str(tmp_path / "file" / "out"))

    with pytest.raises(InputError, match=r"output folder .* cannot be written: Not a directory"):
        await check_request(typed, Settings())


def test_the_probe_leaves_an_existing_folder_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("")

    path = check_writable(str(tmp_path), "output folder")

    assert path == str(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["kept"]


def test_criteria_come_as_text_file_values_or_themselves(tmp_path: Path) -> None:
    file = tmp_path / "criteria.json"
    file.write_bytes(b'\xef\xbb\xbf{"state": "TX"}')

    ways = [
        read_criteria('{"state": "TX"}'),
        read_criteria(f"@{file}"),
        read_criteria({"state": "TX"}),
        read_criteria(Criteria(state="TX")),
    ]

    assert ways == [Criteria(state="TX")] * 4


@pytest.mark.parametrize(
    ("typed", "vendor"),
    [("buildium", "Buildium"), ("App Folio", "AppFolio"), ("RentCafe", "Yardi")],
)
def test_software_is_known_by_any_spelling_of_vendor_or_product(typed: str, vendor: str) -> None:
    assert read_criteria({"pms": typed}).pms == vendor


def test_software_that_could_never_be_found_is_refused() -> None:
    with pytest.raises(InputError, match="unknown pms 'Bildium': did you mean 'Buildium'"):
        read_criteria('{"pms": "Bildium"}')


def test_a_criteria_file_that_is_not_there_is_named() -> None:
    with pytest.raises(InputError, match=r"criteria file /nowhere\.json: No such file"):
        read_criteria("@/nowhere.json")


def test_a_criteria_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    file = tmp_path / "criteria.json"
    file.write_bytes(b'{"city": "M\xfcnchen"}')

    with pytest.raises(InputError, match="is no UTF-8 text"):
        read_criteria(f"@{file}")


def test_columns_are_mapped_by_name() -> None:
    assert parse_column_map(["website=URL", "name = Firm = Co"]) == {
        "website": "URL",
        "name": "Firm = Co",
    }


@pytest.mark.parametrize("given", [["website"], ["=URL"], ["website="], ["a=1", "a=2"]])
def test_a_mapping_that_is_none_is_refused(given: list[str]) -> None:
    with pytest.raises(InputError, match="--map"):
        parse_column_map(given)


async def test_a_source_with_options_leaves_its_version_too(tmp_path: Path) -> None:
    places = Path(__file__).parents[2] / "app" / "sample" / "places.parquet"
    plain, chosen = f"overture:{places}", f"overture:{places}?confidence=0.5"

    asked = RunRequest(Criteria(), (plain, chosen), str(tmp_path))
    checked = await check_request(asked, Settings())

    assert checked.source_versions[plain] == checked.source_versions[chosen] != ""
