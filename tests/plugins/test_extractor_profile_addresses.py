"""Postal addresses on a page."""

import pytest

from app.extractors import Site
from app.extractors._addresses.american import read_address
from app.extractors.profile import EXTRACTOR
from tests.plugins.pages import a_document, facts, values


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("12 Harbor St, Austin, TX 78701", ("12 Harbor St", "Austin", "TX", "78701")),
        ("12 Harbor St\nAustin TX 78701-1234", ("12 Harbor St", "Austin", "TX", "78701-1234")),
        ("12 Harbor St Austin, TX 78701", ("12 Harbor St", "Austin", "TX", "78701")),
        ("12 Harbor Way,\nSuite 5, Austin,\nTexas 78701",
         ("12 Harbor Way, Suite 5", "Austin", "TX", "78701")),
        ("12 W 66th St N, Suite 301\nNew Braunfels, TX 78701",
         ("12 W 66th St N, Suite 301", "New Braunfels", "TX", "78701")),
        ("Office: 12 Harbor St., Austin, Tex. 78701", ("12 Harbor St.", "Austin", "TX", "78701")),
        ("P.O. Box 158\nFalls Town VA, 22040", ("P.O. Box 158", "Falls Town", "VA", "22040")),
        ("Call 512-555-0142 12 Harbor St, Austin, TX 78701",
         ("12 Harbor St", "Austin", "TX", "78701")),
        ("One Harbor Place, Austin, TX 78701", ("One Harbor Place", "Austin", "TX", "78701")),
        ("204 Airport Boulevard, Gander, NL A1V 1L6",
         ("204 Airport Boulevard", "Gander", "NL", "A1V 1L6")),
        ("5 Walker Drive\nBrampton Ontario\nCanada L6T5P5",
         ("5 Walker Drive", "Brampton", "ON", "L6T 5P5")),
        ("10 Welch St\nNorth Vancouver\nV7P 1B3 BC",
         ("10 Welch St", "North Vancouver", "BC", "V7P 1B3")),
        ("47 Harbor Ave\nScarborough, ON", ("47 Harbor Ave", "Scarborough", "ON", "")),
        ("We are at 77 Central Avenue, Westfield, NJ.",
         ("77 Central Avenue", "Westfield", "NJ", "")),
        ("12 Harbor Road, Hampstead, London, NW3 6XY",
         ("12 Harbor Road, Hampstead", "London", "", "NW3 6XY")),
        ("PO Box 306\nNewcastle upon Tyne\nNE6 5ZH",
         ("PO Box 306", "Newcastle upon Tyne", "", "NE6 5ZH")),
        ("101-1305 Roe St\nNorth Vancouver V7P 1B3",
         ("101-1305 Roe St", "North Vancouver", "BC", "V7P 1B3")),
        ("12 Harbor Street, Suite 100 | Boston, MA | 02110",
         ("12 Harbor Street, Suite 100", "Boston", "MA", "02110")),
        ("Unit 5, 120 Harbor St W, Toronto ON M5H 1J9",
         ("Unit 5, 120 Harbor St W", "Toronto", "ON", "M5H 1J9")),
        ("14 Harbor Street London W1G 9PQ", ("14 Harbor Street", "London", "", "W1G 9PQ")),
        ("12 Harbor Street, Dublin 1, D01 F5P2", ("12 Harbor Street", "Dublin", "", "D01 F5P2")),
        ("12 Harbor Street, Auckland 1010", ("12 Harbor Street", "Auckland", "", "1010")),
        ("65 S 11th Street, Brooklyn NY", ("65 S 11th Street", "Brooklyn", "NY", "")),
        ("4115, Ave de Roe, Montréal, H2K 3X8", ("4115, Ave de Roe", "Montréal", "QC", "H2K 3X8")),
        ("51 Harbor Rd, Penrith NSW, 2750", ("51 Harbor Rd", "Penrith", "NSW", "2750")),
        ("07700 900142\nross@maplegate.example\nMedlar Close, Wooddale,\nWokingham RG41 3TZ",
         ("Medlar Close, Wooddale", "Wokingham", "", "RG41 3TZ")),
        ("Roe Surgery\nRoe Gardens\nCastle Roe\nSomerset\nBA7 7EE",
         ("Roe Gardens", "Castle Roe", "Somerset", "BA7 7EE")),
        ("21 Harbor Street, Ennis, Co. Clare, V95 K2X7",
         ("21 Harbor Street", "Ennis", "Co. Clare", "V95 K2X7")),
        ("Find us: 44 Mill St., Reno, Nevada. Mail: PO Box 271, Reno NV 89501",
         ("44 Mill St.", "Reno", "NV", "89501")),
        ("4 Harbor Road, Durham DH1 3LE", ("4 Harbor Road", "Durham", "", "DH1 3LE")),
        ("Roe Apartments * 2280 Harbor Avenue * Buffalo, New York 14216",
         ("2280 Harbor Avenue", "Buffalo", "NY", "14216")),
        ("Registered address\nThe Harbor Centre\nUniversity of Roe\nNorwich, NR4 7TJ",
         ("The Harbor Centre, University of Roe", "Norwich", "", "NR4 7TJ")),
    ],
)  # fmt: skip
def test_an_address_is_read(text: str, parts: tuple[str, str, str, str]) -> None:
    found = read_address(text)

    assert found is not None
    assert (found.street, found.city, found.state, found.postcode) == parts
    assert found.city in found.quote


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Hafenstraße 12\n24103 Kiel", ("Hafenstraße 12", "Kiel", "", "24103", "DE")),
        ("Am Markt 3a, D-10115 Berlin", ("Am Markt 3a", "Berlin", "", "10115", "DE")),
        ("Ringgasse 4, 1010 Wien, Österreich", ("Ringgasse 4", "Wien", "", "1010", "AT")),
        ("12 rue de la Paix\n75002 Paris", ("12 rue de la Paix", "Paris", "", "75002", "FR")),
        ("Calle Mayor, 12, 28013 Madrid", ("Calle Mayor, 12", "Madrid", "", "28013", "ES")),
        ("4, Rue Roe\n97110 Pointe-à-Pitre",
         ("4, Rue Roe", "Pointe-à-Pitre", "", "97110", "GP")),
        ("Prolongación Roe N° 331- Chiclayo", ("Prolongación Roe N° 331", "Chiclayo", "", "", "")),
        ("Calle 70 # 7 – 30, piso 6, Edificio Roe, Bogotá, Colombia",
         ("Calle 70 # 7 – 30, piso 6, Edificio Roe", "Bogotá", "", "", "CO")),
        ("An der Alster 12, 20099 Hamburg", ("An der Alster 12", "Hamburg", "", "20099", "DE")),
        ("5 allée Roe - 38000 GRENOBLE CEDEX 2", ("5 allée Roe", "GRENOBLE", "", "38000", "FR")),
        ("Rue de Roe 16, 1000 Bruxelles", ("Rue de Roe 16", "Bruxelles", "", "1000", "BE")),
        ("Roegracht 123\n1015 CJ Amsterdam", ("Roegracht 123", "Amsterdam", "", "1015 CJ", "NL")),
        ("Rua José Roe,\nNº 608, 1º Andar\n4745-330 Trofa",
         ("Rua José Roe, Nº 608, 1º Andar", "Trofa", "", "4745-330", "PT")),
        ("Rua Roe 12, 1100-053 Lisboa", ("Rua Roe 12", "Lisboa", "", "1100-053", "PT")),
        ("Av. Roe, 1000 - Vista, São Paulo - SP, 01310-100",
         ("Av. Roe, 1000", "São Paulo", "SP", "01310-100", "BR")),
        ("Av. Roe 222, Col. Roe, 06600 Ciudad de México",
         ("Av. Roe 222, Col. Roe", "Ciudad de México", "", "06600", "MX")),
        ("Via Roma 7, 50123 Firenze", ("Via Roma 7", "Firenze", "", "50123", "IT")),
        ("88, rue Wellington Nord, Sherbrooke (Québec) J1H5B8",
         ("88, rue Wellington Nord", "Sherbrooke", "QC", "J1H 5B8", "CA")),
    ],
)  # fmt: skip
def test_a_continental_address_is_read(text: str, parts: tuple[str, ...]) -> None:
    found = read_address(text)

    assert found is not None
    assert (found.street, found.city, found.state, found.postcode, found.country) == parts


def test_the_year_of_the_copyright_is_no_house_number() -> None:
    found = read_address(
        "© 2025 Maplegate LLC. All Rights Reserved. | 44 Kestrel Loop, Boise, ID 83706"
    )

    assert found is not None
    assert found.street == "44 Kestrel Loop"


@pytest.mark.parametrize(
    "text",
    [
        "© 2024 Maplegate. All rights reserved. Lorain County, Ohio",
        "Serving Austin, TX and Dallas, TX since 1998",
        "Call 78701 or 512-555-0142",
        "Order 12345 in 10 days",
        "From One Office to a Wide Network in Gander, NL",
        "In or 12345",
    ],
)
def test_what_is_no_address_is_left_out(text: str) -> None:
    assert read_address(text) is None


def test_the_parts_of_an_address_share_their_quote() -> None:
    found = facts(EXTRACTOR, "<p>12 Harbor St<br>Austin, TX 78701</p>", "/contact/")

    parts = {fact.field: (fact.value, fact.quote) for fact in found if fact.rule == "address.text"}

    quote = "12 Harbor St Austin, TX 78701"
    assert parts == {
        "street": ("12 Harbor St", quote),
        "city": ("Austin", quote),
        "state": ("TX", quote),
        "postcode": ("78701", quote),
        "country": ("US", quote),
    }


def test_an_address_on_a_contact_page_is_surer_than_one_in_a_list_of_rentals() -> None:
    rows = "".join(f"<p>Row {n}</p>" for n in range(30))
    html = f"{rows}<p>12 Harbor St, Austin, TX 78701</p>{rows}"

    sure = {
        path: fact.confidence
        for path in ("/contact/", "/rentals/")
        for fact in facts(EXTRACTOR, html, path)
        if fact.field == "street"
    }

    assert sure["/contact/"] > sure["/rentals/"]


def test_without_an_address_the_place_in_the_title_or_the_state_in_the_text_counts() -> None:
    title = "<title>Maplegate - Rentals in Prineville, OR</title>"
    text = "<p>Stays across Oregon, run by Oregon people. Not Idaho.</p>"

    in_title, in_text = facts(EXTRACTOR, title), facts(EXTRACTOR, text)

    assert values(in_title, "city") == ["Prineville"]
    assert values(in_title, "state") == ["OR"]
    assert values(in_text, "state") == ["OR"]
    assert values(in_text, "country") == ["US"]
    once = (
        "<p>Homes</p>" * 20 + "<p>Born in Florida, she came here in 1978.</p>" + "<p>Rows</p>" * 20
    )
    assert values(facts(EXTRACTOR, once), "state") == []


def test_without_an_address_header_and_footer_tell_the_place() -> None:
    footer = facts(EXTRACTOR, "<p>Homes</p><footer>Maplegate · Baltimore City, MD</footer>")
    areas = facts(EXTRACTOR, "<footer>We serve Austin, TX and Round Rock, TX</footer>")

    assert values(footer, "city") == ["Baltimore"]
    assert values(areas, "city") == []


def test_a_street_without_its_city_goes_with_the_city_in_the_title() -> None:
    title = "<title>Maplegate - Evergreen, Colorado</title>"
    html = f"{title}<p>We are now located at: 27 Meadow Dr. on the second floor.</p>"

    assert values(facts(EXTRACTOR, html, "/office"), "street") == ["27 Meadow Dr"]
    assert values(facts(EXTRACTOR, html, "/homes/7"), "street") == []


@pytest.mark.parametrize(
    ("domain", "html", "country"),
    [
        ("maplegate.co.uk", "<p>Homes in Georgia</p>", ["GB"]),
        ("maplegate.example", "<p>+51 979 555 014</p>", ["PE"]),
        ("maplegate.example", "<p>Bogotá, Colombia</p>", ["CO"]),
        ("maplegate.example", "<p>Atlanta, Georgia</p>", ["US"]),
        ("maplegate.co", "<p>Homes</p>", []),
        ("maplegate.co", "<p>(805) 963-0142</p>", ["US"]),
        ("maplegate.co", "<p>(416) 967-1111</p>", ["CA"]),
        ("maplegate.co", "<p>(800) 963-0142</p>", []),
    ],
)
def test_the_country_is_told_by_the_domain_or_by_the_numbers(
    domain: str, html: str, country: list[str]
) -> None:
    found = EXTRACTOR(a_document(html, host=domain), Site(domain))

    assert values(tuple(found), "country") == country


def test_the_address_of_the_headquarters_is_surer_than_that_of_another_office() -> None:
    html = """<p>Dallas office<br>44 Main St<br>Dallas, TX 75201</p>
      <p>Headquarters<br>12 Harbor St<br>Austin, TX 78701</p>"""

    sure = {fact.value: fact.confidence for fact in facts(EXTRACTOR, html) if fact.field == "city"}

    assert sure["Austin"] > sure["Dallas"]


@pytest.mark.parametrize(
    "before",
    [
        "Registered office: c/o Kline Accounts LLP, ",
        "Registered office: ",
        "Branch: Roe Health Point, ",
        "Complaints: then The Property Ombudsman, Roe House, ",
        "Regulated by the Roe Authority, ",
        "Kestrel office (by appointment): ",
        "Hosted by Kestrel Ltd, ",
    ],
)
def test_where_the_firm_is_not_at_home_is_less_sure(before: str) -> None:
    html = f"<p>{before}7 Hill Road, Leeds LS1 2NE</p>" + "<p>line</p>" * 30
    html += "<p>Visit us: 14 Harbor Road, Leeds LS6 2AD</p>"

    found = {one.value: one.confidence for one in facts(EXTRACTOR, html) if one.field == "street"}

    assert found["7 Hill Road"] < found["14 Harbor Road"]


def test_an_address_to_visit_is_surer_than_a_box() -> None:
    html = "<p>12 Harbor St, Austin, TX 78701</p><p>PO Box 7, Austin, TX 78702</p>"
    street, box = (fact for fact in facts(EXTRACTOR, html) if fact.field == "street")

    assert street.confidence > box.confidence + 0.05


# description, kind, year, LinkedIn, status


def test_a_british_address_may_follow_a_sentence() -> None:
    found = read_address("Registered in England No. 0123. 14 High Road, Clifton, Bristol BS8 1PD")

    assert found is not None
    assert (found.street, found.city, found.postcode) == (
        "14 High Road, Clifton",
        "Bristol",
        "BS8 1PD",
    )
