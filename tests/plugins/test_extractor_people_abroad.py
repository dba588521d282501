"""People on pages in other languages, and rows of blocks that are not all alike."""

import pytest

from tests.plugins.people_pages import Found, people


@pytest.mark.parametrize(
    "heading",
    [
        "L’équipe",
        "Conseil d'administration",
        "Ons bestuur",
        "Consiglio direttivo",
        "Vorstandschaft",
    ],
)
def test_names_under_a_heading_for_the_team_are_its_people(heading: str) -> None:
    html = f"<h2>{heading}</h2><p>Anna Doe</p><p>Peter Roe</p><h2>Contact</h2><p>Bud Poe</p>"

    assert [one.name for one in people(html, "/x")] == ["Anna Doe", "Peter Roe"]


@pytest.mark.parametrize(
    "title",
    ["Voorzitter", "Penningmeester", "Consigliere", "Tesoureiro", "Chargée d'affaires", "Advocaat"],
)
def test_titles_of_other_languages_are_titles(title: str) -> None:
    assert people(f"<ul><li>{title}: Anna Doe</li></ul>", "/x") == [Found("Anna Doe", title)]


@pytest.mark.parametrize(
    "shown",
    [
        "Tierarztpraxis Doe",
        "AG Steuerberatung",
        "Junta Directiva",
        "Conoce Maplegate",
        "Medical Court",
    ],
)
def test_names_of_firms_and_parts_of_a_site_are_no_people(shown: str) -> None:
    html = f"<div class=team><h3>{shown}</h3><p>Anna Doe ist Inhaberin.</p></div>"

    assert shown not in [one.name for one in people(html, "/team")]


def test_who_stands_for_a_part_of_the_organisation_is_of_its_board() -> None:
    html = "<h1>Board members</h1><p>North ward – Anna Doe</p><p>Harbour ward – Peter Roe</p>"

    assert [one.name for one in people(html, "/board")] == ["Anna Doe", "Peter Roe"]


def test_a_portrait_s_old_words_name_nobody_where_another_name_is_printed() -> None:
    card = (
        '<article class="card"><div><img src="{n}.jpg" alt="{alt}"></div>'
        '<div class="info"><h3>{name}</h3><p class="role">Driver</p></div></article>'
    )
    names = (("Anna Doe", "Anna Doe"), ("Rosa Poe", "Peter Roe"), ("Ellen Moe", "Ellen Moe"))
    html = '<div class="team">{}</div>'.format(
        "".join(card.format(n=n, alt=alt, name=name) for n, (alt, name) in enumerate(names))
    )

    assert [one.name for one in people(html, "/x")] == ["Anna Doe", "Peter Roe", "Ellen Moe"]


def test_a_marked_title_above_goes_before_a_profession_below() -> None:
    card = (
        '<article class="person"><p class="role">{}</p><h3>{}</h3><p class="sub">{}</p></article>'
    )
    rows = [("Socio Fundador", "Anna Doe", "Abogada"), ("Socio", "Peter Roe", "Ingeniero Civil")]
    html = "<section>{}</section>".format("".join(card.format(*row) for row in rows))

    assert people(html, "/equipo") == [
        Found("Anna Doe", "Socio Fundador"),
        Found("Peter Roe", "Socio"),
    ]


@pytest.mark.parametrize(
    "title", ["President, CEO & Co-Founder", "Agent - Sales", "Agent - Sales and Rentals"]
)
def test_a_title_of_several_parts_stays_whole(title: str) -> None:
    assert people(f"<h4>Anna Doe</h4><p>{title}</p>", "/team")[0].title == title


def test_a_list_of_offences_beside_the_team_spoils_no_row() -> None:
    card = '<div class="profile"><h2>{}</h2><p>{}</p></div>'
    offences = "FRAUD, BRIBERY, SMUGGLING, FORGERY, ARSON, LARCENY, EXTORTION, PERJURY " * 4
    html = card.format("Anna Doe", "Partner") + card.format("Peter Roe", "Partner")
    html = f"<div class=team>{html}{card.format('Fraude Fiscal', offences)}</div>"

    assert [one.name for one in people(html, "/x")] == ["Anna Doe", "Peter Roe"]


def test_the_office_s_number_in_every_card_is_no_filler() -> None:
    card = '<div class="profile"><h3>{}</h3><p>Lawyer</p><p>T: +33 (0)1 44 01 51 50</p></div>'
    names = ["Anna Doe", "Peter Roe", "Ellen Poe"]
    html = "<div class=team>{}</div>".format("".join(map(card.format, names)))

    assert [one.name for one in people(html, "/x")] == names


def test_initials_in_one_s_own_card_are_no_department_s_mailbox() -> None:
    card = (
        "<div class=card><h3>{}</h3><p>Lawyer</p><a href=mailto:{}@maplegate.example>Mail</a></div>"
    )
    html = card.format("Anna Poe", "ap") + card.format("Peter Roe", "pr")

    assert [one.email for one in people(f"<div class=team>{html}</div>", "/x")] == [
        "ap@maplegate.example",
        "pr@maplegate.example",
    ]


def test_of_a_row_the_rest_behind_a_name_is_a_title_too() -> None:
    lines = ["Anna Doe - Bookkeeper", "Peter Roe - Delivery Driver", "Ellen Poe - Pantry Wizard"]
    html = "<h2>Our staff</h2><ul>{}</ul>".format("".join(f"<li>{line}</li>" for line in lines))

    assert [one.title for one in people(html, "/x")] == [
        "Bookkeeper",
        "Delivery Driver",
        "Pantry Wizard",
    ]


def test_who_is_quoted_on_the_team_s_page_is_not_of_the_team() -> None:
    html = (
        "<h2>Our agents</h2><p>A small team with a cause can achieve nearly anything at all.</p>"
        "<p>- Simon Poe</p><div><h3>Anna Doe</h3><p>Agent</p></div><div><h3>Peter Roe</h3>"
        "<p>Agent</p></div><div><h3>Ellen Moe</h3><p>Agent</p></div>"
    )

    assert "Simon Poe" not in [one.name for one in people(html, "/agents")]


def test_the_history_of_a_family_names_nobody_of_today() -> None:
    assert not people("<h2>Our team</h2><h3>Anna Doe</h3><p>President</p>", "/family-history")


def test_a_generation_behind_a_name_does_not_end_the_sentence() -> None:
    html = "<p>John J. Doe, Jr. is President of Maplegate. He has worked here for 25 years.</p>"

    assert [one.title for one in people(html, "/about")] == ["President"]


def test_care_is_no_job() -> None:
    assert not people("<h4>Harbor Medical Care</h4><p>Anna Street 4</p>", "/contact")


def test_boxes_that_only_a_style_sheet_parts_are_words_apart() -> None:
    html = (
        "<div><span>Contact</span>Anna Doe</div><p><a href=mailto:anna@maplegate.example>M</a></p>"
    )

    assert [one.name for one in people(html, "/contact")] == ["Anna Doe"]


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>Ihr Ansprechpartner: Herr Peter Roe, Tel. 030 1234567</p>", ("Peter Roe", "")),
        ("<p>Titular: Ana Roe García</p>", ("Ana Roe García", "Titular")),
        ("<p>Amministratore: Rag. Paolo Roe</p>", ("Paolo Roe", "Amministratore")),
        ("<h3>Dra. Ana Roe</h3><p>Odontóloga</p>", ("Ana Roe", "Odontóloga")),
        ("<h3>Dr. João Roe</h3><p>Advogado – OAB/SP 123.456</p>", ("João Roe", "Advogado")),
        ("<h3>Mr. Peter Roe</h3><p>Principal</p>", ("Peter Roe", "Principal")),
        ("<p>Anna Doe started Maplegate Realty in 2009.</p>", ("Anna Doe", "Founder")),
        (
            "<p><b>President:</b> Anna Doe <a href='mailto:president@maplegate.example'>email</a>",
            ("Anna Doe", "President"),
        ),
    ],
)
def test_forms_of_address_labels_and_links_beside_a_name(html: str, found: tuple[str, str]) -> None:
    assert [(one.name, one.title) for one in people(html, "/about")] == [found]


def test_of_a_list_all_are_named_whatever_brackets_say_of_one() -> None:
    html = "<p>Vorstand: Peter Roe (Vorsitzender), Anna Doe, Karin Poe</p>"

    assert [one.name for one in people(html, "/impressum")] == [
        "Peter Roe",
        "Anna Doe",
        "Karin Poe",
    ]


def test_who_founded_another_firm_is_not_of_this_one() -> None:
    told = "<p>Her mentor, Bud Poe, founded Poe Homes.</p>"
    html = f"<div class=team><h3>Anna Doe</h3><p>Broker</p>{told}</div>"

    assert [one.name for one in people(html, "/who-we-are")] == ["Anna Doe"]


def test_a_number_behind_a_name_on_its_line_is_that_person_s() -> None:
    html = "<p>Leasing: Anna Doe, 512-555-0142, anna@maplegate.example</p>"

    assert [one.phone for one in people(html, "/contact")] == ["+15125550142"]


@pytest.mark.parametrize(
    ("shown", "title"),
    [
        ("Director – Strata", "Director – Strata"),
        ("Paralegal – probate administration", "Paralegal – probate administration"),
        ("Sales Agent - PA", "Sales Agent"),
        ("Manager | Maplegate Homes, LLC", "Manager"),
        ("Partner since 2009, co-founder of the practice. Speaks French and Dutch.", "Partner"),
        ("Gerente de auditoría. Supervisa a tres personas.", "Gerente de auditoría"),
        ("Contabilità condominiale", "Contabilità condominiale"),
    ],
)
def test_areas_of_work_stay_with_a_title_and_sentences_do_not(shown: str, title: str) -> None:
    assert people(f"<h4>Anna Doe</h4><p>{shown}</p>", "/team")[0].title == title


@pytest.mark.parametrize(
    ("shown", "name"),
    [
        ("mr. Anna de Roe-Poe", "Anna de Roe-Poe"),
        ("Drs. Pieter van 't Roe", "Pieter van 't Roe"),
        ("C.P.C. Ernesto Roe Poe", "Ernesto Roe Poe"),
        ("Sister Margaret Roe", "Margaret Roe"),
        ("P.J. Maplegate", "P.J. Maplegate"),
    ],
)
def test_degrees_and_courtesies_before_a_name_are_left_out(shown: str, name: str) -> None:
    html = f"<div class=team><h3>{shown}</h3><p>Director</p></div>"

    assert [one.name for one in people(html, "/team")] == [name]


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ('Roe, Gregory "Greg"', "Gregory Roe"),
        ("Roe, Dr. Frauke", "Frauke Roe"),
        ("von Roe, Carsten", "Carsten von Roe"),
        ("Roe, Leila, LL.M.", "Leila Roe"),
    ],
)
def test_tables_that_put_the_family_first_are_read(cell: str, name: str) -> None:
    row = "<tr><td>{}</td><td>Manager</td></tr>"
    html = f"<table>{row.format(cell)}{row.format('Doe, Jane')}</table>"

    assert [one.name for one in people(html, "/team")] == [name, "Jane Doe"]


@pytest.mark.parametrize(
    "text",
    [
        "Anna Doe, associée jusqu’en 2021, exerce désormais à Bayonne.",
        "Anna Doe, Rechtsanwältin von 1985 bis 2008, ist heute Richterin.",
        "Anna Doe deixou a empresa nesse ano.",
        "Anna Doe, Partner until 2019, now teaches.",
    ],
)
def test_who_left_is_not_of_the_firm(text: str) -> None:
    assert not people(f"<p>{text}</p>", "/about")


def test_brackets_behind_a_name_and_owning_in_a_sentence_give_titles() -> None:
    held = "<p>Anna Doe (contadora, matrícula 4471) fundó la administración en 1993.</p>"
    owned = "<p>Today Don and Marge Roe own and run the business.</p>"

    assert [one.title for one in people(held, "/about")] == ["contadora"]
    assert people(owned, "/about") == [Found("Don Roe", "Owner"), Found("Marge Roe", "Owner")]


def test_letters_behind_a_name_are_no_person() -> None:
    html = "<div class=team><h3>Anna Doe <span>MSCSI MRICS</span></h3><p>Director</p></div>"

    assert people(html, "/team") == [Found("Anna Doe", "Director")]


def test_a_family_name_of_several_words_may_stand_in_capitals() -> None:
    html = "<div class=team><h4>Jean DE LA ROE</h4><p>Gestionnaire</p></div>"

    assert people(html, "/team") == [Found("Jean de la Roe", "Gestionnaire")]


def test_a_number_under_which_two_are_reached_is_nobody_s_own() -> None:
    html = "<p>For more, call our director Anna Doe or our manager Bud Roe at (512) 555-0142.</p>"
    listed = "<h3>Anna Doe</h3><p>Director</p><h3>Bud Roe</h3><p>Manager</p>"

    assert [one.phone for one in people(listed + html, "/staff")] == ["", ""]


@pytest.mark.parametrize("shown", ["Frau Sauer", "Herr Roe", "Madame Poe"])
def test_a_family_name_alone_is_no_whole_name(shown: str) -> None:
    html = (
        f"<div class=team><h3>Anna Doe</h3><p>Rechtsanwältin</p><p>Sekretariat: {shown}</p></div>"
    )

    assert [one.name for one in people(html, "/team")] == ["Anna Doe"]


def test_italian_and_dutch_text_below_a_name_is_no_filler() -> None:
    told = {
        "Anna Doe": "Si occupa di diritto di famiglia e delle successioni, con particolare"
        " attenzione ai minori, dal 2004 nello studio, che guida insieme al padre e alla sorella.",
        "Peter Roe": "Hij is sinds 2004 bij ons op kantoor en helpt verenigingen met het onderhoud"
        " van de gebouwen, ook als het om een grote verbouwing gaat.",
    }
    card = '<div class="card"><h2>{}</h2><p>{}</p></div>'
    html = "".join(card.format(*each) for each in told.items())

    assert [one.name for one in people(f"<main>{html}</main>", "/team")] == list(told)


@pytest.mark.parametrize(
    ("html", "names"),
    [
        ("<p>Vocales: Anna Doe, Peter Roe y Ellen Poe</p>", ["Anna Doe", "Peter Roe", "Ellen Poe"]),
        ("<p>Secrétariat : Anna Doe et Ellen Poe vous accueillent.</p>", ["Anna Doe", "Ellen Poe"]),
        ("<p>Resident managers: Bob & Ann Doe, 414-555-0112</p>", ["Bob Doe", "Ann Doe"]),
    ],
)
def test_everybody_behind_a_label_is_named(html: str, names: list[str]) -> None:
    assert [one.name for one in people(html, "/team")] == names


@pytest.mark.parametrize(
    "text",
    [
        "Rechtsanwalt <b>Peter Roe</b> ist zum 31.12.2019 aus Altersgründen ausgeschieden.",
        "Maître Peter Roe, associé de 1999 à 2020, est avocat honoraire.",
        "Asesoría jurídica externa: Peter Roe, abogado",
    ],
)
def test_who_is_gone_or_from_outside_is_not_of_the_team(text: str) -> None:
    html = f"<div class=team><h3>Anna Doe</h3><p>Abogada</p></div><p>{text}</p>"

    assert [one.name for one in people(html, "/team")] == ["Anna Doe"]


def test_names_under_a_column_that_is_a_title_have_it() -> None:
    row = "<tr><td>{}</td><td>CAM.0008117</td></tr>"
    head = "<tr><th>Manager</th><th>License</th></tr>"
    html = f"<table>{head}{row.format('Doe, Anna')}{row.format('Roe, Peter')}</table>"

    assert people(html, "/about") == [Found("Anna Doe", "Manager"), Found("Peter Roe", "Manager")]
