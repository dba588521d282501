"""Headings over several people, and what must not be read into them."""

import pytest

from app.extractors._people.plurals import group_title, title_of_several
from tests.plugins.people_pages import Found, names, people


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("Our Attorneys", "Attorney"),
        ("Leasing Agents", "Leasing Agent"),
        ("Founders & Managing Brokers", "Founder & Managing Broker"),
        ("Sales Managers:", "Sales Manager"),
        ("Gestionnaires :", "Gestionnaire"),
        ("Assistantes de direction", "Assistante de direction"),
        ("Socios Fundadores", "Socio Fundador"),
        ("Meet the owners", "Owner"),
    ],
)
def test_a_heading_says_what_each_is(heading: str, title: str) -> None:
    found = group_title(heading)
    assert found is not None
    assert found.text == title


@pytest.mark.parametrize(
    "heading", ["Owners", "Our Partners", "Property Owners", "Attorneys and Staff", "Our Team"]
)
def test_headings_about_others_or_nobody_say_nothing(heading: str) -> None:
    assert group_title(heading) is None


def test_owners_of_a_sentence_are_owners() -> None:
    found = title_of_several("owners")
    assert found is not None
    assert found.text == "owner"


def test_who_has_no_title_is_what_the_heading_says() -> None:
    html = """<h2>Our team</h2><h3>Property Managers</h3><p>Jane Doe</p><p>Ann Roe</p>
        <h3>Accounting</h3><p>Bud Poe</p><h4>Will Coe</h4><p>Controller</p>"""

    assert [(one.name, one.title) for one in people(html)] == [
        ("Jane Doe", "Property Manager"),
        ("Ann Roe", "Property Manager"),
        ("Bud Poe", "Accounting"),
        ("Will Coe", "Controller"),
    ]


def test_initials_in_brackets_are_the_name_s_own() -> None:
    html = """<h3>Collaborateurs</h3><h4>Comptabilité :</h4>Julienne DOE (JD)<br>
        Camille ROE (CR) : <a href="mailto:camille.roe@maplegate.example">m</a><br>"""

    assert people(html, "/nous-contacter") == [
        Found("Julienne Doe", "Comptabilité"),
        Found("Camille Roe", "Comptabilité", "camille.roe@maplegate.example"),
    ]


def test_boxes_within_a_cell_may_be_spans() -> None:
    row = (
        """<tr><td><span class="name">{}</span> <span class="role">{}</span></td><td>{}</td></tr>"""
    )
    cells = (
        ("Jane Doe", "Chairperson", "Owner, Whiskey Tango Foods"),
        ("Ann Roe", "Secretary", "Resident"),
        ("Bud Poe", "", "Owner, Poe Distilling Company"),
    )
    html = f"<table>{''.join(row.format(*cell) for cell in cells)}</table>"

    assert [(one.name, one.title) for one in people(html, "/board-of-directors")] == [
        ("Jane Doe", "Chairperson"),
        ("Ann Roe", "Secretary"),
        ("Bud Poe", ""),
    ]


@pytest.mark.parametrize("honorific", ["Dra.", "Lic.", "Avv.", "Dott.ssa", "Ing."])
def test_honorifics_of_other_languages_are_no_names(honorific: str) -> None:
    html = f'<div class="doctor"><h5>{honorific} María Celeste Doe</h5><p>Nutricionista</p></div>'

    assert names(html, "/nuestro-equipo") == ["María Celeste Doe"]


def test_a_degree_is_no_title() -> None:
    card = '<div class="team"><h3>{}</h3><p>{}</p></div>'
    html = card.format("Jane Doe", "Geschäftsführerin") + card.format("Ann Roe", "B.Sc. Geodäsie")

    assert [one.title for one in people(html, "/team")] == ["Geschäftsführerin", ""]


def test_a_profile_in_a_card_is_not_lost_to_a_button_beside_it() -> None:
    card = """<div class="doctor-box"><h5>{}</h5><p>Dentist</p><p><a href="#">Sacar Turno</a></p>
        <a href="https://www.linkedin.com/in/{}">in</a></div>"""
    html = card.format("Luis D. Doe", "luisdariodoe") + card.format("Ann Roe", "annroe")

    assert [bool(one.linkedin_url) for one in people(html, "/team")] == [True, True]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<p>He serves with board chair Ann Roe at Humanity House.</p>", []),
        ("<p>She fought the political machine led by Ann Roe for years.</p>", []),
        ("<p>Our team is led by Ann Roe, who has been here for years.</p>", ["Ann Roe"]),
        ("<p>Website designed by Ann Roe, Web Developer</p>", []),
        ("<h3>Ann Roe</h3><p>Presiding Judge (Retired)</p>", []),
        ("<h3>Ann Roe</h3><p>Director, Amalgamated Transit Union</p>", []),
    ],
)
def test_people_of_others_stay_out_of_the_team(text: str, found: list[str]) -> None:
    html = f'<div class="team"><h3>Jane Doe</h3><p>Broker</p></div><div class="member">{text}</div>'

    assert names(html)[1:] == found


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>She worked with developer Russ Roe and architect Bill Poe.</p>", []),
        ("<p>Harold Roe, founder of Maplegate, passed away in 2016 at 88.</p>", []),
        ("<p>Ann Roe, partner, argued before Chief Justice Robert Poe.</p>",
         [("Ann Roe", "partner")]),
        ("<h1>About Attorney Ann Roe</h1>", [("Ann Roe", "Attorney")]),
        ("<p>On Oak Street your property manager is Ann Roe.</p>",
         [("Ann Roe", "Property manager")]),
        ("<h3>Ann Roe</h3><p>President</p><p>Ann took over when her father died in 2010.</p>",
         [("Ann Roe", "President")]),
        ("<p><b>President:</b> Ann Roe <b>Treasurer:</b> Bud Poe</p>",
         [("Ann Roe", "President"), ("Bud Poe", "Treasurer")]),
        ("<p>Happy with all of it!</p><h4>Ann Roe</h4><p>HOA Board President</p>", []),
    ],
)  # fmt: skip
def test_a_sentence_is_read_for_whom_it_is_about(html: str, found: list[tuple[str, str]]) -> None:
    assert [(one.name, one.title) for one in people(html)] == found
