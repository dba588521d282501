"""app/sources/csv_file.py"""

import csv
import io
import json
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import registry
from app.errors import InputError, UnknownName
from app.pipeline.outcomes import Found
from app.records.company import Company
from app.records.criteria import Criteria
from app.sources.csv_file import SOURCE

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
Write = Callable[..., Path]
Map = dict[str, str] | None


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(content: str | bytes, name: str = "list.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


async def found(path: Path, mapped: Map = None, **asked: Any) -> list[Found]:
    source = SOURCE.open(str(path), mapped or {})
    await source.check(Criteria())
    return list((await source.batch(Criteria(**asked), 0, 1000, NOW)).found)


async def companies(path: Path, mapped: Map = None, **asked: Any) -> list[Company]:
    return [each.company for each in await found(path, mapped, **asked)]


async def refused(path: Path, mapped: Map = None) -> str:
    with pytest.raises(InputError) as caught:
        await SOURCE.open(str(path), mapped or {}).check(Criteria())
    assert str(caught.value).isprintable()
    return str(caught.value)


def test_the_folder_lists_it() -> None:
    assert registry.load("app.sources", "csv_file", "SOURCE") is SOURCE
    assert (SOURCE.needs_path, SOURCE.licence) == (True, "")


async def test_a_row_becomes_a_company_with_evidence_for_every_value(write: Write) -> None:
    path = write(
        "Company,Website,Street,City,State,Zip,Country,Phone,Industry\n"
        "Maple Gate,HTTPS://WWW.MapleGate.example/,1 Elm St,Austin,Texas,78701,USA,"
        "512-555-0100,Property Managers\n"
    )

    [each] = await found(path)

    assert each.company == Company(
        "Maple Gate", "maplegate.example", "https://www.maplegate.example/", "1 Elm St",
        "Austin", "TX", "78701", "US", "512-555-0100", "property_management",
        discovery_source="csv_file", source_ref="csv_file:list.csv#row=2",
    )  # fmt: skip
    columns = ("domain", "website", "street", "city", "state", "postcode", "country", "phone")
    assert {fact.field: fact.value for fact in each.evidence} == {
        "company_name": "Maple Gate",
        "category": "property_management",
        "discovery_source": "csv_file",
    } | {column: getattr(each.company, column) for column in columns}
    first = each.evidence[0]
    assert (first.method, first.rule, first.confidence) == ("source", "source.csv_file", 0.9)
    assert (first.source_url, first.seen_at) == ("csv_file:list.csv#row=2", NOW)
    assert first.quote.startswith("Maple Gate; HTTPS://WWW.MapleGate.example/; 1 Elm St")


@pytest.mark.parametrize(
    "header",
    [
        "company_name,URL,Town", "ORGANISATION,web-site,CITY NAME",
        "Account Name,Company Domain Name,Billing City", "Firma,Webseite,Ort",
        "Raison sociale,Site Internet,Ville", "Empresa,Página web,Ciudad",
        "Ragione Sociale,Sito web,Città", "name,homepage,locality",
        " Company\xa0 name ,  Website  ,city",
    ],
)  # fmt: skip
async def test_columns_are_known_by_their_usual_names(write: Write, header: str) -> None:
    [company] = await companies(write(f"{header}\nOak,oak.example,Reno\n"))

    assert (company.name, company.domain, company.city) == ("Oak", "oak.example", "Reno")


async def test_a_company_column_goes_before_a_name_column(write: Write) -> None:
    assert [c.name for c in await companies(write("Name,Company\nJo Doe,Oak\n"))] == ["Oak"]


async def test_columns_can_be_mapped(write: Write) -> None:
    path = write("Security,Where,URL\nOak,oak.example,elsewhere\n")
    [company] = await companies(path, {"company_name": "security", "website": "Where"})

    assert (company.name, company.domain) == ("Oak", "oak.example")


async def test_a_mapped_target_that_is_no_field_is_refused_with_the_nearest(write: Write) -> None:
    with pytest.raises(UnknownName, match="did you mean 'website'"):
        SOURCE.open(str(write("a\nb\n")), {"websit": "a"})


async def test_a_mapped_column_that_is_missing_is_refused_with_the_nearest(write: Write) -> None:
    message = await refused(write("Company,Web page\nOak,x\n"), {"website": "Web pge"})

    assert message == "list.csv: unknown column 'Web pge': did you mean 'Web page'?"


async def test_a_file_without_a_known_column_is_refused_with_its_headers(write: Write) -> None:
    message = await refused(write("Symbol,Sector\nX,y\n"))

    assert "'Symbol', 'Sector'" in message
    assert "--map website=HEADER" in message


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


@pytest.mark.parametrize(
    ("cell", "website", "domain"),
    [
        ("oak.example", "https://oak.example/", "oak.example"),
        ("http://shop.oak.example:8080/a?b=1#c", "http://shop.oak.example:8080/a?b=1",
         "oak.example"),
        ("//oak.example", "https://oak.example/", "oak.example"),
        ("http://me:secret@oak.example/", "http://oak.example/", "oak.example"),
        ("grün.example", "https://xn--grn-ioa.example/", "xn--grn-ioa.example"),
        ("10.0.0.1:8080/x", "https://10.0.0.1:8080/x", "10.0.0.1"),
        ("http://[::1]/", "http://[::1]/", "::1"),
    ],
)  # fmt: skip
async def test_a_website_cell_is_made_an_address(
    write: Write, cell: str, website: str, domain: str
) -> None:
    [company] = await companies(write(f"Company,Website\nOak,{cell}\n"))

    assert (company.website, company.domain) == (website, domain)


@pytest.mark.parametrize(
    "cell",
    ["ftp://oak.example", "javascript:alert(1)", "mailto:me@oak.example", "me@oak.example",
     "oak.example and elm.example", "http://oak .example/", "http://<b>.example/", "https://",
     "localhost", "yes", "N/A", "https://www.facebook.com/oak", "linktr.ee/oak"],
)  # fmt: skip
async def test_what_is_no_website_of_its_own_is_none(write: Write, cell: str) -> None:
    [company] = await companies(write(f"Company,Website\nOak,{cell}\n"))

    assert (company.website, company.domain) == ("", "")


async def test_a_website_alone_gives_its_domain_as_the_name(write: Write) -> None:
    path = write("Website\nhttps://www.oak.example/about\nnot one\n")

    assert [company.name for company in await companies(path)] == ["oak.example"]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, "ABCD"),
        ({"city": "AUSTIN"}, "ABC"),
        ({"state": "Texas"}, "ABC"),
        ({"country": "US"}, "ABC"),
        ({"category": "property managers"}, "AC"),
        ({"category": "law firms"}, "BC"),
        ({"exclude_domains": ["https://www.a.example/x"]}, "BCD"),
        ({"exclude_domains": ["b.example"]}, "ACD"),
        ({"pms": "Buildium", "units_min": 5, "keywords": ["HOA"], "titles": ["owner"]}, "ABCD"),
    ],
)
async def test_criteria_filter_where_the_file_says_something(
    write: Write, asked: dict[str, Any], names: str
) -> None:
    path = write(
        "Company,Website,City,State,Country,Category\n"
        "A,a.example,Austin,TX,US,Property Management Company\n"
        "B,www.b.example,austin,texas,United States,Lawyer\n"
        "C,c.example,,,,\n"
        "D,d.example,Toronto,Ontario,Canada,Dentist\n"
    )

    assert "".join(company.name for company in await companies(path, **asked)) == names


async def test_of_several_categories_in_a_cell_the_one_asked_for_is_taken(write: Write) -> None:
    path = write("Company,Category\nA,Real Estate > Law Firm; Property Management\n")

    asked = await companies(path, category="property_management")

    assert [company.category for company in asked] == ["property_management"]
    assert [company.category for company in await companies(path)] == ["real_estate"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
async def test_batches_go_on_where_the_last_one_ended(write: Write, encoding: str) -> None:
    rows = [f'"Süd\n{n}",firm{n}.example,{"Reno" if n % 3 else "Elko"}' for n in range(40)]
    text = "\r\n".join(["sep=,", "Company,Website,City", *rows])
    source = SOURCE.open(str(write(text, encoding=encoding)), {})
    reno = Criteria(city="Reno")

    whole = await source.batch(reno, 0, 1000, NOW)
    parts: list[Found] = []
    offset: Any = 0
    while True:
        batch = await source.batch(reno, json.loads(json.dumps(offset)), 3, NOW)
        parts += batch.found
        offset = batch.next_offset
        if batch.exhausted:
            break

    assert tuple(parts) == whole.found
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


async def test_cells_are_one_printable_line_of_bounded_length(write: Write) -> None:
    [each] = await found(write('Company,City\n"A\x07\n\u202e  B","' + "x" * 9000 + '"\n'))

    assert each.company.name == "A B"
    assert len(each.company.city) == 500
    assert all(len(fact.quote) <= 300 for fact in each.evidence)


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
