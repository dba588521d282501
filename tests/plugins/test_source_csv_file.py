"""app/sources/csv_file.py"""

from typing import Any

import pytest

from app import registry
from app.errors import UnknownName
from app.records.company import Company
from app.sources.csv_file import SOURCE
from tests.plugins.lists import NOW, Write, companies, found, refused


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


async def test_cells_are_one_printable_line_of_bounded_length(write: Write) -> None:
    [each] = await found(write('Company,City\n"A\x07\n\u202e  B","' + "x" * 9000 + '"\n'))

    assert each.company.name == "A B"
    assert len(each.company.city) == 500
    assert all(len(fact.quote) <= 300 for fact in each.evidence)
