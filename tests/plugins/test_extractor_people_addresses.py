"""Whose an address, a number and a profile on a page is."""

import pytest

from tests.plugins.people_pages import Found, people

CARD = '<div class="s"><h4>{}</h4><p>Agent</p>{}</div>'


def mail(address: str) -> str:
    return f'<a href="mailto:{address}@maplegate.example">m</a>'


def cards(*given: tuple[str, str]) -> str:
    return "".join(CARD.format(name, inside) for name, inside in given)


def addresses(html: str, path: str = "/team") -> dict[str, str]:
    return {found.name: found.email for found in people(html, path)}


def test_an_address_that_names_another_person_is_not_given_to_the_one_it_stands_with() -> None:
    html = cards(("Prasad Abraham", mail("jacob")), ("Jacob Abraham", ""))

    assert addresses(html) == {"Prasad Abraham": "", "Jacob Abraham": ""}


def test_an_address_that_begins_with_somebody_else_s_given_name_is_nobody_s() -> None:
    html = cards(("Justin Major", mail("sueroe")), ("Jane Doe", mail("jane")))

    assert addresses(html) == {"Justin Major": "", "Jane Doe": "jane@maplegate.example"}


def test_an_address_that_stands_with_two_people_is_nobody_s() -> None:
    html = cards(("Ann Berg", mail("homes4u")), ("Jacob Falk", mail("homes4u")))

    assert addresses(html) == {"Ann Berg": "", "Jacob Falk": ""}


@pytest.mark.parametrize("office", ["office", "info", "leasing", "contabilidad", "buchhaltung"])
def test_the_address_of_an_office_is_nobody_s(office: str) -> None:
    html = cards(("Ann Berg", mail(office)), ("Jacob Falk", mail("jfalk")))

    assert addresses(html) == {"Ann Berg": "", "Jacob Falk": "jfalk@maplegate.example"}


def test_an_address_that_names_nobody_is_whose_box_it_stands_in() -> None:
    html = cards(("Ann Berg", mail("q77x")), ("Jacob Falk", mail("jfalk")))

    assert addresses(html)["Ann Berg"] == "q77x@maplegate.example"


def test_without_boxes_an_address_before_each_name_goes_by_what_it_says() -> None:
    html = f"""<div>{mail("igor")}<h4>Igor Stein</h4><p>Agent</p>{mail("ann")}<h4>Ann Berg</h4>
        <p>Agent</p>{mail("q77")}<h4>Lou Falk</h4><p>Agent</p></div>"""

    assert addresses(html, "/agents") == {"Igor Stein": "", "Ann Berg": "", "Lou Falk": ""}


def test_an_address_with_both_names_is_found_away_from_the_block() -> None:
    html = cards(("Ann Berg", ""), ("Jacob Falk", "")) + f"<footer>{mail('ann.berg')}</footer>"

    assert addresses(html) == {"Ann Berg": "ann.berg@maplegate.example", "Jacob Falk": ""}


def test_two_people_whom_an_address_fits_need_it_in_their_own_box() -> None:
    html = cards(("Jane Doe", mail("jane")), ("Jane Roe", "")) + f"<p>{mail('jane.d')}</p>"

    assert addresses(html) == {"Jane Doe": "jane@maplegate.example", "Jane Roe": ""}


@pytest.mark.parametrize(
    "hidden",
    [
        '<span data-cfemail="2a4b44446a474b5a464f4d4b5e4f044f524b475a464f">x</span>',
        '<a href="/cdn-cgi/l/email-protection#2a4b44446a474b5a464f4d4b5e4f044f524b475a464f">x</a>',
        '<a data-user="ann" data-domain="maplegate.example" href="#">x</a>',
        '<span style="direction:rtl">elpmaxe.etagelpam@nna</span>',
        "<p>ann (at) maplegate (dot) example</p>",
        "<p>&#97;nn&#64;maplegate.example</p>",
    ],
)
def test_an_address_hidden_from_machines_is_read(hidden: str) -> None:
    html = cards(("Ann Berg", hidden), ("Jacob Falk", ""))

    assert addresses(html) == {"Ann Berg": "ann@maplegate.example", "Jacob Falk": ""}


def test_a_number_in_one_s_own_box_is_one_s_own_and_a_fax_is_not() -> None:
    html = cards(
        ("Ann Berg", "<p>Direct: (512) 555-0107</p><p>Fax: (512) 555-0108</p>"),
        ("Jacob Falk", "<p>Main 512-555-0100</p>"),
        ("Lou Stein", "<p>Main 512-555-0100</p>"),
    )

    found = {person.name: person.phone for person in people(html, "/team")}

    assert found == {"Ann Berg": "+15125550107", "Jacob Falk": "", "Lou Stein": ""}


@pytest.mark.parametrize(
    ("href", "profile"),
    [
        ("https://www.linkedin.com/in/ann-berg-12345/?trk=nav", "https://www.linkedin.com/in/ann-berg-12345/"),
        ("http://es.linkedin.com/pub/ann-berg/31/130/835", "http://es.linkedin.com/pub/ann-berg/31/130/835"),
        ("https://www.linkedin.com/profile/view?id=36781143&trk=x", "https://www.linkedin.com/profile/view?id=36781143"),
        ("//linkedin.com/in/aberg", "https://linkedin.com/in/aberg"),
        ("https://www.linkedin.com/company/maplegate", ""),
        ("https://www.linkedin.com/shareArticle?url=x", ""),
        ("https://linkedin.example/in/ann-berg", ""),
        ("https://www.linkedin.com/in/jacob-falk", ""),
    ],
)  # fmt: skip
def test_a_profile_is_given_and_a_company_page_is_not(href: str, profile: str) -> None:
    html = cards(("Ann Berg", f'<a href="{href}"><i class="fa"></i></a>'), ("Jacob Falk", ""))

    assert people(html, "/team")[0].linkedin_url == profile


def test_structured_data_gives_what_belongs_to_the_person() -> None:
    html = """<script type="application/ld+json">{"@type": "Organization", "email":
        "info@maplegate.example", "founder": {"@type": "Person", "name": "Jane Doe", "jobTitle":
        "Broker", "email": "info@maplegate.example", "telephone": "512-555-0101",
        "sameAs": ["https://x.example/j", "https://www.linkedin.com/in/janedoe"]}}</script>"""

    assert people(html, "/") == [
        Found("Jane Doe", "Broker", "", "+15125550101", "https://www.linkedin.com/in/janedoe")
    ]


def test_what_structured_data_gives_to_the_wrong_person_is_refused() -> None:
    html = (
        cards(("Ann Berg", ""), ("Jacob Falk", ""))
        + """<script type="application/ld+json">
        {"@type": "Organization", "employee": {"@type": "Person", "name": "Ann Berg",
        "jobTitle": "Agent", "email": "jacob.falk@maplegate.example"}}</script>"""
    )

    assert addresses(html)["Ann Berg"] == ""


def test_a_cell_without_a_name_beside_cells_of_people_reaches_nobody() -> None:
    cell = "<td><b>{}</b><br>{}<br>{}</td>"
    rows = (
        cell.format("Roscoe Winters", "Owner", "Cell 580-555-0124")
        + cell.format("Geneva Poole", "Office Manager", ""),
        cell.format("Clint McElroy", "Maintenance Supervisor", "")
        + cell.format("For emergencies", "call", "580-555-0125"),
    )
    html = f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
    assert [found.phone for found in people(html, "/staff")] == ["+15805550124", "", ""]


def test_the_mailbox_of_a_desk_is_not_that_of_the_one_who_sits_there() -> None:
    html = (
        "<h2>Our staff</h2><div><h3>Anna Pham</h3><p>Accounts Receivable</p>"
        "<p>ar@maplegate.example</p></div><div><h3>Neil Sorensen</h3><p>Manager</p></div>"
    )
    assert [found.email for found in people(html, "/staff")] == ["", ""]


def test_a_row_with_one_name_in_a_table_of_two_columns_of_names_is_still_that_persons() -> None:
    row = "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>"
    html = f"""<table>{row.format("Jane Doe", "Owner", "jane@maplegate.example", "")}
        {row.format("Neil Sorensen", "Manager", "neil@maplegate.example", "Jane Doe")}</table>"""
    found = {one.name: (one.title, one.email) for one in people(html, "/staff")}
    assert found["Jane Doe"] == ("Owner", "jane@maplegate.example")


def test_a_mailbox_named_after_the_company_is_nobody_s() -> None:
    card = '<div class="card"><h3>{}</h3><p>Broker</p><p>{}</p></div>'
    html = card.format("Jane Doe", "maplegaterealty@gmail.com") + card.format("Ann Roe", "")

    assert [one.email for one in people(html, "/team")] == ["", ""]


def test_a_mailbox_that_begins_with_the_given_name_is_that_person_s() -> None:
    html = "<address>Catherine Doe,<br>HR Director.<br>catherineprcom@gmail.com</address>"

    assert [one.email for one in people(html, "/contacts")] == ["catherineprcom@gmail.com"]
