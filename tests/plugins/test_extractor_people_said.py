"""People whom sentences and labels name: couples, lists behind a title, imprints, numbers."""

import pytest

from tests.plugins.people_pages import Found, people

COUPLES = {
    "<p>Hi! We are Rosie and Trent Doe, owners of Maplegate. Come in.</p>": ("Rosie", "Trent"),
    "<p>Dr. Anna und Peter Doe sind die Inhaber der Praxis.</p>": ("Anna", "Peter"),
    "<p>Founded in 2003 by husband and wife Ellen and Mark Doe, it grew.</p>": ("Ellen", "Mark"),
    "<p>Owners Tom and Lisa Doe bring twenty years to the table.</p>": ("Tom", "Lisa"),
    "<h2>Meet us</h2><h3>Dr. Anna und Dr. Peter Doe</h3><p>Inhaber</p>": ("Anna", "Peter"),
}


@pytest.mark.parametrize("html", COUPLES)
def test_both_of_a_couple_are_named(html: str) -> None:
    found = people(html)

    assert [one.name for one in found] == [f"{given} Doe" for given in COUPLES[html]]
    assert all(one.title.casefold() in ("owner", "inhaber", "founder") for one in found)


def test_guests_are_no_couple_of_the_company() -> None:
    assert not people("<p>Last week Tom and Lisa Doe stayed here and loved the view.</p>")


@pytest.mark.parametrize(
    "html",
    [
        "<p>Geschäftsführer: Anna Doe, Peter Roe</p>",
        "<p>Geschäftsführer: Anna Doe und Peter Roe</p>",
        "<p>Geschäftsführer:<br>Anna Doe<br>Peter Roe</p>",
    ],
)
def test_a_title_before_a_list_is_that_of_everyone_in_it(html: str) -> None:
    assert people(html) == [
        Found("Anna Doe", "Geschäftsführer"),
        Found("Peter Roe", "Geschäftsführer"),
    ]


@pytest.mark.parametrize(
    "html",
    [
        "<p>Geschäftsführer: Peter Roe</p>",
        "<p>Vertreten durch den Geschäftsführer Peter Roe</p>",
        "<p>Vertreten durch:<br>Peter Roe</p>",
        "<p>Inhaltlich verantwortlich gemäß § 18 MStV: Peter Roe</p>",
    ],
)
def test_what_an_imprint_prints_is_the_company_s(html: str) -> None:
    reach = "<p>Telefon: +49 431 555010<br>E-Mail: maplegate@nordmail.example</p>"
    (found,) = people(f"<h1>Impressum</h1><p>Maplegate GmbH</p>{html}{reach}", "/kontakt")

    assert (found.name, found.email, found.phone) == ("Peter Roe", "", "")


def test_a_sentence_says_whose_number_follows() -> None:
    html = """<p>Owner Jane Doe and our maintenance foreman, Bud Roe, look after 40 homes.</p>
        <p>Call Jane at (207) 555-0119. For repairs, contact Bud Roe directly at 207-555-0120.</p>
        <p>The office is at 207-555-0100.</p>"""

    assert [(one.name, one.phone) for one in people(html)] == [
        ("Jane Doe", "+12075550119"),
        ("Bud Roe", "+12075550120"),
    ]


def test_the_number_of_who_speaks_is_that_of_the_one_person_named() -> None:
    html = """<p>Hi, I’m Jane Doe, owner of Maplegate. I look after your home as after mine.</p>
        <p>We started small.</p><p>Call me on my cell: 406-555-0182.</p>"""

    assert [(one.name, one.phone) for one in people(html)] == [("Jane Doe", "+14065550182")]
