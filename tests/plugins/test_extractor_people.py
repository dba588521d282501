"""Layouts in which people of a company stand."""

import pytest

from app.extractors.people import EXTRACTOR
from tests.plugins.pages import SEEN, facts
from tests.plugins.people_pages import ACME, Found, names, people

LAYOUTS = {
    "cards": """
        <div class="team-grid"><div class="card"><img src="a.jpg" alt=""><h3>Jane Doe</h3>
        <p class="role">Managing Broker</p><a href="mailto:jdoe@maplegate.example">Write</a></div>
        <div class="card"><img src="b.jpg" alt=""><h3>Richard Roe</h3><p class="role">Agent</p>
        <a href="mailto:rroe@maplegate.example">Write</a></div></div>""",
    "a builder's boxes": """
        <div class="elementor-column"><div class="elementor-image-box-wrapper">
        <div class="elementor-image-box-content"><h3 class="elementor-image-box-title">Jane Doe</h3>
        <p class="elementor-image-box-description">Managing Broker<br>jdoe@maplegate.example</p>
        </div></div></div><div class="elementor-column"><div class="elementor-image-box-wrapper">
        <div class="elementor-image-box-content"><h3 class="elementor-image-box-title">Richard Roe
        </h3><p class="elementor-image-box-description">Agent<br>rroe@maplegate.example</p></div>
        </div></div>""",
    "nameless boxes": """
        <div id="c1"><p class="font_8"><span><span>Jane Doe</span></span></p><p class="font_8">
        <span>Managing Broker</span></p><p class="font_8"><a href="mailto:jdoe@maplegate.example">
        jdoe@maplegate.example</a></p></div><div id="c2"><p class="font_8"><span>Richard Roe</span>
        </p><p class="font_8"><span>Agent</span></p><p class="font_8">
        <a href="mailto:rroe@maplegate.example">Email</a></p></div>""",
    "the address before the name": """
        <section><a href="mailto:jdoe@maplegate.example">m</a><h4>Jane Doe</h4>
        <p>Managing Broker</p></section><section><a href="mailto:rroe@maplegate.example">m</a>
        <h4>Richard Roe</h4><p>Agent</p></section>""",
    "the title before the name": """
        <div class="a"><span>MANAGING BROKER</span><h3>JANE DOE</h3>
        <p>jdoe@maplegate.example</p></div><div class="a"><span>AGENT</span><h3>RICHARD ROE</h3>
        <p>rroe@maplegate.example</p></div>""",
    "a table with the family name first": """
        <table><tr><th>Name</th><th>Position</th><th>E-mail</th></tr><tr><td>Doe, Jane</td>
        <td>Managing Broker</td><td>jdoe@maplegate.example</td></tr><tr><td>Roe, Richard</td>
        <td>Agent</td><td>rroe@maplegate.example</td></tr></table>""",
    "a table with given and family name apart": """
        <table><tr><th>First name</th><th>Last name</th><th>Title</th><th>E-mail</th></tr><tr>
        <td>Jane</td><td>Doe</td><td>Managing Broker</td><td>jdoe@maplegate.example</td></tr><tr>
        <td>Richard</td><td>Roe</td><td>Agent</td><td>rroe@maplegate.example</td></tr></table>""",
    "a definition list": """
        <dl><dt>Jane Doe</dt><dd>Managing Broker</dd><dd>jdoe@maplegate.example</dd>
        <dt>Richard Roe</dt><dd>Agent</dd><dd>rroe@maplegate.example</dd></dl>""",
    "headings with paragraphs": """
        <h2>Meet the team</h2><h3>Jane Doe</h3><p><em>Managing Broker</em></p>
        <p>jdoe@maplegate.example</p><h3>Richard Roe</h3><p><em>Agent</em></p>
        <p>rroe@maplegate.example</p><h3>Write to us</h3><p>info@maplegate.example</p>""",
    "lines in one paragraph": """
        <p>Jane Doe - Managing Broker - jdoe@maplegate.example<br>
        Richard Roe - Agent - rroe@maplegate.example</p>""",
    "bold names in running lines": """
        <p><b>Jane Doe</b>, Managing Broker, jdoe@maplegate.example<br>
        <b>Richard Roe</b>, Agent, rroe@maplegate.example</p>""",
    "captions": """
        <figure><img src="1.jpg" alt=""><figcaption>Jane Doe, Managing Broker</figcaption></figure>
        <figure><img src="2.jpg" alt="Richard Roe - Agent"></figure>
        <p>jdoe@maplegate.example rroe@maplegate.example</p>""",
    "details": """
        <details><summary>Jane Doe — Managing Broker</summary>
        <p>jdoe@maplegate.example</p></details>
        <details><summary>Richard Roe — Agent</summary><p>rroe@maplegate.example</p></details>""",
    "spans without a space between": """
        <div><a href="/team/jane-doe"><span class="x-n">Jane Doe</span><span>Managing Broker</span>
        </a><a href="/team/rr"><span class="x-n">Richard Roe</span><span>Agent</span></a></div>
        <p>jdoe@maplegate.example rroe@maplegate.example</p>""",
    "a heading broken in two": """
        <div class="m"><h3>Jane<br>Doe</h3><p>Managing Broker</p><p>jdoe@maplegate.example</p></div>
        <div class="m"><h3>Richard<br>Roe</h3><p>Agent</p><p>rroe@maplegate.example</p></div>""",
    "addresses for readers only": """
        <div class="staff"><div><h3>Jane Doe</h3><p>Managing Broker</p>
        <p>jdoe [at] maplegate [dot] example</p></div><div><h3>Richard Roe</h3><p>Agent</p>
        <p>rroe [at] maplegate [dot] example</p></div></div>""",
    "microdata": """
        <div itemscope itemtype="https://schema.org/Person"><span itemprop="name">Jane Doe</span>
        <span itemprop="jobTitle">Managing Broker</span>
        <a itemprop="email" href="mailto:jdoe@maplegate.example">m</a></div>
        <div itemscope itemtype="https://schema.org/Person"><span itemprop="name">Richard Roe</span>
        <meta itemprop="jobTitle" content="Agent">
        <meta itemprop="email" content="rroe@maplegate.example"></div>""",
    "hCards": """
        <div class="vcard"><span class="fn">Jane Doe</span><div class="title">Managing Broker</div>
        <a class="email" href="mailto:jdoe@maplegate.example">m</a></div><div class="vcard">
        <span class="fn">Richard Roe</span><div class="title">Agent</div>
        <a class="email" href="mailto:rroe@maplegate.example">m</a></div>""",
    "JSON-LD": """
        <script type="application/ld+json">{"@type": "RealEstateAgent", "employee": [
        {"@type": "Person", "name": "Jane Doe", "jobTitle": "Managing Broker",
         "email": "mailto:jdoe@maplegate.example"},
        {"@type": "Person", "name": "Richard Roe", "jobTitle": "Agent",
         "email": "rroe@maplegate.example"}]}</script>""",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_people_are_found_in(layout: str) -> None:
    found = people(LAYOUTS[layout], "/about")

    assert found == [
        Found("Jane Doe", "Managing Broker", "jdoe@maplegate.example"),
        Found("Richard Roe", "Agent", "rroe@maplegate.example"),
    ]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        (
            "Jane Doe, CPM, is the founder and president of Maplegate Realty.",
            Found("Jane Doe", "founder and president"),
        ),
        ("Our broker, Jane Doe, has thirty years behind her.", Found("Jane Doe", "Broker")),
        ("It was what founder Jane Doe’s friends had said.", Found("Jane Doe", "Founder")),
        ("Founded in 2009 by Jane Doe, the firm has grown since.", Found("Jane Doe", "Founder")),
        ("Jane Doe is your leasing contact. Call us.", Found("Jane Doe", "leasing contact")),
        ("Unser Haus leitet Jane Doe, Geschäftsführerin der Firma.",
         Found("Jane Doe", "Geschäftsführerin")),
        ("Jane Doe est la gérante de l'agence depuis dix ans.", Found("Jane Doe", "gérante")),
        ("Clinical Director Jane Doe RN came to us from the coast.",
         Found("Jane Doe", "Clinical Director")),
    ],
)  # fmt: skip
def test_a_sentence_says_who_somebody_is(sentence: str, found: Found) -> None:
    assert people(f"<h1>About</h1><p>{sentence}</p>") == [found]


def test_the_one_person_of_a_firm_is_found_without_the_office_phone() -> None:
    html = """<header><a href="tel:512-555-0100">512-555-0100</a></header><main>
        <h1>Meet Jane Doe, Broker &amp; Owner</h1><p>Jane has sold homes here since 1999 and knows
        every street of the town.</p></main>
        <footer><a href="mailto:info@maplegate.example">info@maplegate.example</a></footer>"""

    assert people(html, "/") == [Found("Jane Doe", "Broker & Owner")]


def test_the_person_to_contact_is_found_with_what_stands_there() -> None:
    html = """<p>For leasing, contact Jane Doe at <a href="mailto:jdoe@maplegate.example">
        jdoe@maplegate.example</a> or 512-555-0107.</p>"""

    assert people(html) == [Found("Jane Doe", "", "jdoe@maplegate.example", "+15125550107")]


def test_a_menu_of_attorneys_that_links_their_pages_names_them() -> None:
    html = """<nav><ul><li><a href="/attorneys/">Attorneys</a><ul>
        <li><a href="/attorneys/jane-doe/">Jane Doe, Esq.</a></li>
        <li><a href="/attorneys/richard-roe/">Richard Roe, Esq.</a></li></ul></li>
        <li><a href="/practice/">Practice</a><ul><li><a href="/practice/personal-injury/">
        Personal Injury</a></li></ul></li></ul></nav><h1>Welcome</h1>"""

    assert names(html, "/") == ["Jane Doe", "Richard Roe"]


def test_a_page_of_ones_own_gives_title_and_address() -> None:
    html = """<nav><a href="/team/">The team</a></nav><main><h1>Jane Doe</h1><p>Managing Broker</p>
        <img src="j.webp" alt="Jane Doe"><p>Jane studied geology and came to houses through
        landslides.</p><p>Write to <a href="mailto:jane@maplegate.example">Jane</a>.</p></main>"""

    found = people(html, "/team/jane-doe/")

    assert found == [Found("Jane Doe", "Managing Broker", "jane@maplegate.example")]


def test_titles_that_stand_above_the_names_throughout_are_theirs() -> None:
    html = """<h4>Property Manager</h4><p>Jane Doe</p><h4>Leasing Agent</h4><p>Richard Roe</p>
        <h4>Bookkeeper</h4><p>Mary Major</p>"""

    assert people(html, "/team") == [
        Found("Jane Doe", "Property Manager"),
        Found("Richard Roe", "Leasing Agent"),
        Found("Mary Major", "Bookkeeper"),
    ]


def test_a_row_of_names_above_a_row_of_titles_is_read_by_columns() -> None:
    html = """<table><tr><td>Jane Doe</td><td>Richard Roe</td></tr>
        <tr><td>Broker</td><td>Agent</td></tr></table>"""

    assert people(html, "/team") == [Found("Jane Doe", "Broker"), Found("Richard Roe", "Agent")]


def test_a_word_that_is_no_known_title_is_one_where_the_others_have_theirs() -> None:
    card = '<div class="m"><h3>{}</h3><p>{}</p></div>'
    html = card.format("Jane Doe", "Sales Manager") + card.format("Kip Kelly", "Industrial Markets")
    html += card.format("Richard Roe", "Technician")

    assert people(html, "/team")[1] == Found("Kip Kelly", "Industrial Markets")


def test_names_in_capitals_are_written_as_people_write_them() -> None:
    html = """<div class="row"><div><h3>JANE O'NEIL</h3><h4>VP OF OPERATIONS</h4></div>
        <div><h3>IAN MCDONALD III</h3><h4>HOA MANAGER</h4></div></div>"""

    assert people(html, "/leadership") == [
        Found("Jane O'Neil", "VP of Operations"),
        Found("Ian McDonald III", "HOA Manager"),
    ]


def test_credentials_and_pronouns_are_no_part_of_name_or_title() -> None:
    html = """<div class="t"><h3>Jane Doe, CPM®, ARM® (she/her)</h3><p>Director of Property
        Management</p></div><div class="t"><h3>Dr. Richard Roe MBA</h3>
        <p>Broker Associate | License #BK3141592</p></div>"""

    assert people(html, "/team") == [
        Found("Jane Doe", "Director of Property Management"),
        Found("Richard Roe", "Broker Associate"),
    ]


def test_a_couple_is_two_people() -> None:
    html = """<h2>John &amp; Mary Smith, Owners</h2>
        <p>John and Mary have managed cabins for ten years and more.</p>"""

    assert people(html) == [Found("John Smith", "Owner"), Found("Mary Smith", "Owner")]


def test_given_and_family_name_may_be_the_same() -> None:
    html = """<div class="agent"><h3><a href="t.thomas.html">Thomas Thomas</a></h3>
        <p>Sales Agent</p></div><div class="agent"><h3>Jane Doe</h3><p>Sales Agent</p></div>"""

    assert names(html, "/") == ["Thomas Thomas", "Jane Doe"]


@pytest.mark.parametrize(
    ("path", "html", "found"),
    [
        ("/team", """<h2>Ihre Ansprechpartner</h2><div><strong>Jürgen Groß</strong><br>
         Geschäftsführer
         <br><a href="mailto:gross@maplegate.example">m</a></div><div><strong>Dr. Käthe von Stein
         </strong><br>Leiterin Vermietung</div>""",
         [Found("Jürgen Groß", "Geschäftsführer", "gross@maplegate.example"),
          Found("Käthe von Stein", "Leiterin Vermietung")]),
        ("/impressum", "<p>Musterweg 1<br>10115 Berlin</p><p>Geschäftsführer: Jürgen Groß</p>",
         [Found("Jürgen Groß", "Geschäftsführer")]),
        ("/nosotros", """<h2>Nuestro equipo</h2><div><h3>María del Carmen Núñez</h3>
         <p>Directora General</p></div><div><h3>José Peña</h3><p>Asesor inmobiliario</p></div>""",
         [Found("María del Carmen Núñez", "Directora General"),
          Found("José Peña", "Asesor inmobiliario")]),
        ("/equipe", """<h2>Notre équipe</h2><ul><li><b>DUPONT Jean-Claude</b> - Gérant</li>
         <li><b>Amélie d'Ornano</b> - Gestionnaire de copropriété</li></ul>""",
         [Found("Jean-Claude Dupont", "Gérant"),
          Found("Amélie d'Ornano", "Gestionnaire de copropriété")]),
    ],
)  # fmt: skip
def test_pages_in_other_languages_are_read(path: str, html: str, found: list[Found]) -> None:
    assert people(html, path) == found


def test_names_that_no_list_holds_are_believed_where_only_people_stand() -> None:
    card = '<div class="c"><h3>{}</h3><p>{}</p></div>'
    html = card.format("Xochitl Quetzal", "Broker") + card.format("Nkem Obi-Udo", "Realtor")

    assert names(html, "/agents") == ["Xochitl Quetzal", "Nkem Obi-Udo"]


def test_a_name_without_title_is_given_on_a_list_of_people_with_lower_confidence() -> None:
    html = """<h2>Our agents</h2><div><h3>Jane Doe</h3></div><div><h3>Richard Roe</h3><p>Agent</p>
        </div>"""

    found = facts(EXTRACTOR, html, "/agents", ACME)

    sure = {fact.value: fact.confidence for fact in found if fact.field == "full_name"}
    assert sure["Jane Doe"] < sure["Richard Roe"]


def test_the_first_paragraph_about_a_person_is_the_biography_cut_at_a_sentence() -> None:
    html = f"""<div class="team"><h3>Jane Doe</h3><p>Broker</p><p>Jane came to the town by train in
        the spring. {"She likes the river and the hills that are all around it. " * 20}</p></div>"""

    found = facts(EXTRACTOR, html, "/team", ACME)

    (bio,) = [fact.value for fact in found if fact.field == "bio"]
    assert bio.startswith("Jane came to the town by train in the spring. ")
    assert bio.endswith("around it.")
    assert len(bio) <= 300


def test_every_fact_says_where_it_was_seen_and_by_which_rule() -> None:
    html = '<div class="team"><h3>Jane Doe</h3><p>Broker</p><p>jane@maplegate.example</p></div>'

    found = facts(EXTRACTOR, html, "/team", ACME)

    assert {fact.field for fact in found} == {"full_name", "title", "email"}
    for fact in found:
        assert fact.subject == "jane-doe"
        assert fact.source_url == "https://www.maplegate.example/team"
        assert fact.seen_at == SEEN
        assert fact.rule.startswith("people.")
        assert 0.5 <= fact.confidence <= 1
        assert fact.value.lower() in fact.quote.lower()


def test_the_same_page_gives_the_same_facts_in_the_same_order() -> None:
    html = "".join(LAYOUTS.values())

    assert facts(EXTRACTOR, html, "/team", ACME) == facts(EXTRACTOR, html, "/team", ACME)


def test_a_column_of_names_turned_round_needs_no_given_name_that_is_known() -> None:
    html = """<table><tr><th>Name</th><th>Position</th></tr><tr><td>Doe, Jane</td><td>Manager</td>
    </tr><tr><td>Oyelaran, Xfemi</td><td>Controller</td></tr></table>"""

    assert names(html, "/directory") == ["Jane Doe", "Xfemi Oyelaran"]


def test_a_title_may_end_in_services_and_an_address_may_shorten_the_name_beside_it() -> None:
    html = """<p><b>Evangeline Rourke</b> - Vice President of Client Services -
    evie@maplegate.example</p><p><b>Jane Doe</b> - Bookkeeper</p>"""

    assert people(html, "/staff")[0] == Found(
        "Evangeline Rourke", "Vice President of Client Services", "evie@maplegate.example"
    )


@pytest.mark.parametrize(
    ("html", "name", "title"),
    [
        ("<h3>Dr. med. dent. Annegret Lindemann</h3><p>Zahnärztin</p>", "Annegret Lindemann", "Z"),
        (
            "<h3>Imogen Fairweather MIRPM AssocRICS</h3><p>Managing Director</p>",
            "Imogen Fairweather",
            "Managing Director",
        ),
        ("<h3>Priti Chandarana ATPI</h3><p>Block Manager</p>", "Priti Chandarana", "Block Manager"),
        ("<h6>DEVON HUXLEY | LEASING</h6>", "Devon Huxley", "Leasing"),
        (
            "<h3>Inés Castaño</h3><p>Partner | ines@maplegate.example</p>",
            "Inés Castaño",
            "Partner",
        ),
        (
            "<h3>Pilar Gascón</h3><p>Administradora de fincas nº 1234</p>",
            "Pilar Gascón",
            "Administradora de fincas",
        ),
        (
            "<p>Hi, I’m Gus Halvorsen, owner and broker of Maplegate. Call me.</p>",
            "Gus Halvorsen",
            "owner and broker",
        ),
    ],
)
def test_what_surrounds_name_and_title_is_cut_off(html: str, name: str, title: str) -> None:
    (found,) = people(f"<h2>Unser Praxisteam</h2>{html}", "/")
    assert found.name == name
    assert found.title.startswith(title)


def test_a_couple_shares_the_line_below() -> None:
    html = "<h2>Meet the team</h2><h4>Beth &amp; Dale Huckaby</h4><p>Owners</p>"
    assert [(one.name, one.title) for one in people(html)] == [
        ("Beth Huckaby", "Owner"),
        ("Dale Huckaby", "Owner"),
    ]


def test_a_box_that_a_theme_calls_person_author_is_no_byline() -> None:
    html = (
        '<div class="fusion-person"><div class="person-author">'
        '<span class="person-name">Lorna Strickland</span>'
        '<span class="person-title">Broker-In-Charge</span></div></div>'
    )
    assert names(html) == ["Lorna Strickland"]


def test_a_field_of_work_in_the_cell_before_is_the_title() -> None:
    row = "<tr><td>{}</td><td>{}</td></tr>"
    html = f"""<h1>Ihre Ansprechpartner</h1><table>
        {row.format("Geschäftsführung", "Andreas Sedlmayr")}
        {row.format("Mietverwaltung", "Sabine Brandt")}</table>"""
    assert [one.title for one in people(html, "/kontakt")] == ["Geschäftsführung", "Mietverwaltung"]
