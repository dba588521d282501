"""app/sources/csv_file.py: files of every kind, read or refused; in batches."""

import csv
import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import InputError
from app.records.criteria import Criteria
from app.sources.csv_file import SOURCE
from tests.plugins.batches import read_on
from tests.plugins.lists import NOW, Write, companies, refused


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "windows-1252", "latin-1"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
async def test_usual_encodings_delimiters_and_line_ends_are_read(
    write: Write, encoding: str, delimiter: str, newline: str
) -> None:
    rows = [
        ["Firma", "Stadt", "Notiz"],
        ["Grünwald & Söhne", "Köln", f'a "b"{newline}c'],
        ["Öst", "", ""],
    ]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=newline).writerows(rows)

    found = await companies(write(text.getvalue(), encoding=encoding))

    assert [(c.name, c.city) for c in found] == [("Grünwald & Söhne", "Köln"), ("Öst", "")]


async def test_bytes_that_windows_1252_lacks_do_not_stop_the_reading(write: Write) -> None:
    [company] = await companies(write(b"Company,City\nCaf\xe9 \x81 \x80,Lyon\n"))

    assert company.name == "Café €"


async def test_the_line_that_names_the_delimiter_is_no_header(write: Write) -> None:
    [company] = await companies(write("sep=;\r\nCompany;City\r\nOak, Inc.;Reno\r\n"))

    assert (company.name, company.city) == ("Oak, Inc.", "Reno")


async def test_of_two_columns_with_the_same_header_the_first_that_is_filled_counts(
    write: Write,
) -> None:
    path = write("Company,Website,Website\nA,,a.example\nB,b.example,other.example\n")

    assert [c.domain for c in await companies(path)] == ["a.example", "b.example"]


async def test_empty_rows_and_empty_extra_cells_are_tolerated(write: Write) -> None:
    path = write("\n\nCompany,City,,\n\nA,Reno\nB,Reno,,\n,\n ,  ,,\nC,,,\n")

    found = await companies(path)

    assert [(c.name, c.source_ref.partition("#")[2]) for c in found] == [
        ("A", "row=5"),
        ("B", "row=6"),
        ("C", "row=9"),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "list.csv: is empty"),
        ("\n \n,,\n", "list.csv: holds no header"),
        ("Company,City\n", "list.csv: has a header and no rows"),
        ("Company,City\n,\n\n", "list.csv: has a header and no rows"),
        ("Company,City\n,Reno\n", "list.csv: no row holds a company's name or website"),
        ("Company,City\nA,B\nC,D,E\n", "list.csv line 3: has 3 cells where the header has 2"),
        ("Company,City\nA,B\nC\n", "list.csv line 3: has 1 cells where the header has 2"),
        ('Company,City\n"A\nB",B\nC\n', "list.csv line 4: has 1 cells where the header has 2"),
        ('Company,City\nA,B\n"C,D\nE,F\n', "line 3: a quote opens a cell here and is never closed"),
        ('Company,City\n"A\nB","C""\nD,E\n', "line 3: a quote opens a cell here and is never"),
        ('Company,City\n"C,D\n"E",F\n', "text follows a closing quote (the cell opened in line 2)"),
        ('Company,City\n"C"x,D\n', "line 2: text follows a closing quote; write"),
        ('Company,City\n"C,' + "D\n" * 100_000, "line 2: a quote opens a cell here"),
        ("Company,City\nC" + "D" * 200_000 + ",E\n", "line 2: a cell is longer than"),
        ("Company,City\nC" + "D" * 1_200_000 + ",E\n", "line 2: is longer than 1,000,000"),
        ("Company,City\nA\0B,C\n", "line 2: holds a NUL byte"),
        ("Company,City\nA,C\n".encode("utf-16-le"), "line 1: holds a NUL byte"),
        (b"\xff\xfeC\x00\x00\xd8A\x00\n\x00", "not valid utf-16"),
        (b"\xff\xfe\x00\x00Co", "not valid utf-32"),
    ],
)  # fmt: skip
async def test_a_bad_file_is_refused_with_line_and_reason(
    write: Write, content: str | bytes, message: str
) -> None:
    assert message in await refused(write(content))


async def test_what_is_no_readable_file_is_refused(tmp_path: Path) -> None:
    assert "No such file" in await refused(tmp_path / "gone.csv")
    assert "is not a file" in await refused(tmp_path)
    assert "is not a file" in await refused(Path("/dev/zero"))
    assert "cannot be read" in await refused(tmp_path / "a\0b")


async def test_a_strange_file_name_stays_printable(write: Write) -> None:
    path = write("Company\nOak\n", name="li\nst'; --.csv")

    [company] = await companies(path)

    assert company.source_ref == "csv_file:li?st'; --.csv#row=2"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
async def test_batches_go_on_where_the_last_one_ended(write: Write, encoding: str) -> None:
    rows = [f'"Süd\n{n}",firm{n}.example,{"Reno" if n % 3 else "Elko"}' for n in range(40)]
    text = "\r\n".join(["sep=,", "Company,Website,City", *rows])
    source = SOURCE.open(str(write(text, encoding=encoding)), {})
    reno = Criteria(city="Reno")

    whole = await source.batch(reno, 0, 1000, NOW)
    parts, _ = await read_on(lambda offset: source.batch(reno, offset, 3, NOW))

    assert parts == whole.found
    assert whole.exhausted
    assert [each.company.source_ref for each in parts[:2]] == [
        "csv_file:list.csv#row=3",
        "csv_file:list.csv#row=4",
    ]


async def test_a_batch_that_takes_the_last_row_is_the_last(write: Write) -> None:
    source = SOURCE.open(str(write("Company\nA\nB\n")), {})

    assert (await source.batch(Criteria(), 0, 2, NOW)).exhausted
    first = await source.batch(Criteria(), 0, 1, NOW)
    assert not first.exhausted
    assert [
        each.company.name
        for each in (await source.batch(Criteria(), first.next_offset, 1, NOW)).found
    ] == ["B"]


async def test_a_line_is_named_as_the_editor_counts_it_however_deep_reading_began(
    write: Write,
) -> None:
    source = SOURCE.open(str(write('Company,City\n"A\nB",x\nC,x\nD,x\nE,x,y\n')), {})
    deep = (await source.batch(Criteria(), 0, 2, NOW)).next_offset

    with pytest.raises(InputError, match="line 6: has 3 cells"):
        await source.batch(Criteria(), deep, 9, NOW)


async def test_a_list_that_changes_while_it_is_read_is_refused(write: Write) -> None:
    path = write("Company\nA\nB\nC\n")
    source = SOURCE.open(str(path), {})
    place = (await source.batch(Criteria(), 0, 1, NOW)).next_offset
    write("Company\nA, Inc.\nB\nC\n")

    with pytest.raises(InputError, match="was changed while the run read it"):
        await source.batch(Criteria(), place, 1, NOW)


async def test_a_large_file_is_checked_in_flat_memory(write: Write) -> None:
    row = "Firm {0},https://firm{0}.example/,Austin,TX," + "x" * 60
    path = write("Company,Website,City,State,Notes\n" + "\n".join(map(row.format, range(50_000))))
    tracemalloc.start()

    await SOURCE.open(str(path), {}).check(Criteria())

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < path.stat().st_size / 5


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=300) | st.text('aé,;\t|"\n\r 1.', max_size=200).map(str.encode))
async def test_any_bytes_are_read_or_refused_in_one_line(write: Write, content: bytes) -> None:
    path = write(b"Company,Website\n" + content)

    try:
        read = await companies(path)
    except InputError as error:
        message = str(error)
    else:
        message = ""
        assert read

    assert message.isprintable()


_CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(_CELLS, _CELLS), min_size=1, max_size=8), st.sampled_from(",;\t|"))
async def test_what_a_csv_writer_writes_is_read_back(
    write: Write, rows: list[tuple[str, str]], delimiter: str
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([("Company", "Notes"), *((f"x{name}", notes) for name, notes in rows)])

    read = await companies(write(text.getvalue()))

    expected = ["x" + name for name, _ in rows]
    printable = ["".join(c if c.isprintable() else " " for c in name) for name in expected]
    assert [company.name for company in read] == [" ".join(name.split()) for name in printable]
