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


@pytest.mark.parametrize(
    "html",
    [
        "<h3>Jane Doe</h3><p>Owner</p><p>Call our office at 312-555-0100.</p>",
        "<h3>Ann Roe</h3><p>Agent</p><h3>Jane Doe</h3><p>Owner</p><p>Phone 312-555-0100</p>",
        "<div><h3>Ann Roe</h3><p>Agent</p></div><div><h3>Jane Doe</h3><p>Maintenance Manager</p>"
        "<p>24/7 emergency line: 312-555-0100</p></div>",
    ],
)
def test_the_office_s_number_is_not_that_of_the_last_name_before_it(html: str) -> None:
    assert all(one.phone == "" for one in people(f"<h2>Our team</h2>{html}"))


def test_of_two_numbers_in_a_card_the_one_that_is_not_the_office_s_is_given() -> None:
    html = """<div class="team"><div><h3>Jane Doe</h3><p>Agent</p><p>Office: 312-555-0100<br>
        Cell: 312-555-0101</p></div><div><h3>Ann Roe</h3><p>Agent</p></div></div>"""

    assert [one.phone for one in people(html, "/team")] == ["+13125550101", ""]


def test_a_link_around_a_name_leads_to_that_person() -> None:
    html = """<div><h4><a href="mailto:accounting@maplegate.example">Jane Doe</a></h4>
        <h5>Office Manager</h5></div><div><h4><a href="mailto:info@maplegate.example">Ann Roe</a>
        </h4><h5>Assistant</h5></div>"""

    assert [one.email for one in people(html, "/staff")] == ["accounting@maplegate.example", ""]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Als Kassierer kümmert er sich um die Finanzen.", "Kassierer"),
        ("As our leasing manager, Bud shows the homes himself.", "leasing manager"),
    ],
)
def test_a_biography_may_begin_with_the_title(text: str, title: str) -> None:
    card = "<div><h3>{}</h3><h5><p>{}</p></h5></div>"
    html = card.format("Bud Doe", text) + card.format("Jane Roe", "Manager")

    assert people(html, "/vorstand")[0] == Found("Bud Doe", title)


def test_who_stands_among_people_with_titles_is_one_of_them() -> None:
    card = '<div class="col"><img alt="{0}"><h3>{0}</h3><p>{1}</p></div>'
    named = (("Jane Doe", "Manager"), ("Ann Roe", "Broker"), ("Bud Poe", "Er mag die Technik"))

    assert [one.name for one in people("".join(card.format(*one) for one in named), "/x")] == [
        "Jane Doe",
        "Ann Roe",
        "Bud Poe",
    ]


@pytest.mark.parametrize(
    ("shown", "title"),
    [
        (
            "Founder & Manager | Maplegate Homes, LLC — Austin, TX (2021–Present)",
            "Founder & Manager",
        ),
        ("Directora – Unidad de Litigios – Socia", "Directora – Unidad de Litigios – Socia"),
        ("Broker since 1998", "Broker"),
        ("Dean, College of Arts and Sciences", "Dean, College of Arts and Sciences"),
        (
            "Office Manager <a href='mailto:jd@maplegate.example'>jd@maplegate.example</a>",
            "Office Manager",
        ),
    ],
)
def test_a_title_ends_where_other_things_begin(shown: str, title: str) -> None:
    assert people(f"<h4>Jane Doe</h4><p>{shown}</p>")[0].title == title


def test_a_heading_of_a_card_is_no_job_title() -> None:
    html = """<div><h4>Jane Doe</h4><h5 class="card-title">Quick message template</h5></div>"""

    assert all(one.title == "" for one in people(html, "/team"))


@pytest.mark.parametrize(
    "name", ["Del Roe", "Craig Little", "Jane Justice", "Marlène De Bank", "Lyle Branch"]
)
def test_words_are_family_names_too(name: str) -> None:
    assert [one.name for one in people(f"<h3>{name}</h3><p>Treasurer</p>", "/board")] == [name]


def test_a_title_behind_a_name_is_no_part_of_it() -> None:
    html = "<p><b>Présidente</b> : Jane Doe <b>Vice-président</b> : Bud Roe</p>"

    assert all("président" not in one.name.lower() for one in people(html, "/equipe"))


def test_a_chamber_is_no_person() -> None:
    html = (
        "<h1>Impressum</h1><div><p>Kanzlei Beispiel<br>Anna Doe<br>33615 Bielefeld</p>"
        "<p>Berufsbezeichnung: Rechtsanwältin<br>Zuständige Kammer / Aufsichtsbehörde:"
        "<br>Rechtsanwaltskammer Beispiel<br>"
        "Lindenallee 18<br>59063 Hamm<br>Tel: 0251/507577</p></div>"
    )

    assert all("Kammer" not in one.name for one in people(html, "/impressum"))


def test_who_lives_at_the_address_of_an_imprint_answers_for_it() -> None:
    html = (
        "<h1>Impressum</h1><p>Kanzlei Beispiel<br>Anna Doe<br>Lindenallee 18<br>33615 Bielefeld</p>"
        "<p>Berufsbezeichnung: Rechtsanwältin</p>"
        "<p>Datenschutz:<br>Peter Roe<br>Hauptstraße 2<br>33615 Bielefeld</p>"
    )

    assert people(html, "/impressum") == [Found("Anna Doe", "Rechtsanwältin")]


@pytest.mark.parametrize(
    ("html", "found"),
    [
        (
            "<p>Jane Doe, President; Peter Roe, Vice President; Ann Poe, Treasurer</p>",
            [("Jane Doe", "President"), ("Peter Roe", "Vice President"), ("Ann Poe", "Treasurer")],
        ),
        (
            "<p>Our team: Jane Doe (Leasing), Peter Roe (Maintenance)</p>",
            [("Jane Doe", "Leasing"), ("Peter Roe", "Maintenance")],
        ),
        (
            "<p>Jane Doe (Broker) and Peter Roe (Property Manager) answer every call.</p>",
            [("Jane Doe", "Broker"), ("Peter Roe", "Property Manager")],
        ),
        ("<h1>About</h1><p>Dr. Jane Doe graduated from dental school in 1999.</p>",
         [("Jane Doe", "")]),
        ("<p>I'm Jane Doe, the owner of Maplegate Realty.</p>", [("Jane Doe", "owner")]),
        ("<h3>Jane Doe</h3><p>Principal Broker, Licensed in the State of Oregon</p>",
         [("Jane Doe", "Principal Broker")]),
        ("<div class=name>Doe, Jane</div><div class=title>Leasing</div>",
         [("Jane Doe", "Leasing")]),
    ],
)  # fmt: skip
def test_several_on_one_line_stories_of_doctors_and_licences(
    html: str, found: list[tuple[str, str]]
) -> None:
    assert [(one.name, one.title) for one in people(html, "/about")] == found


def test_letters_on_a_line_below_a_name_stand_for_a_title() -> None:
    html = "<div class=staff><h2>Jane Doe</h2><p>A.A., CADC II</p></div>"

    assert people(html, "/our-staff") == [Found("Jane Doe", "A.A., CADC II")]
