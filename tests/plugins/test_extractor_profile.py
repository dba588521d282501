import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.extractors import Site
from app.extractors._firm.company_name import name_key
from app.extractors.profile import EXTRACTOR, whole_sentences
from app.records.evidence import Evidence
from tests.plugins.pages import facts, values


def one(html: str, field: str, path: str = "/") -> Evidence:
    found = [fact for fact in facts(EXTRACTOR, html, path) if fact.field == field]
    assert len(found) == 1, found
    return found[0]


def name(html: str, path: str = "/", domain: str = "maplegate.example") -> str:
    found = values(facts(EXTRACTOR, html, path, Site(domain)), "company_name")
    return found[0] if found else ""


# company name


@pytest.mark.parametrize(
    "html",
    [
        "<title>Home | Maplegate</title>",
        "<title>Maplegate - Homes for rent in Austin</title>",
        '<meta property="og:site_name" content="Maplegate">',
        "<p>© 2019-2025 Maplegate. All rights reserved.</p>",
        "<p>Copyright (c) 2025 by Maplegate | Privacy</p>",
        "<p>Maplegate © 2025</p>",
        "<p>2025 Maplegate. All Rights Reserved.</p>",
        '<title>Maplegate</title><img class="logo" alt="Maplegate logo" src="x.png">',
    ],
)
def test_the_name_is_found_where_sites_print_it(html: str) -> None:
    assert name(html) == "Maplegate"


def test_places_that_agree_make_a_name_surer() -> None:
    title = "<title>About | Maplegate</title>"
    both = title + "<p>© 2025 Maplegate, all rights reserved</p>"

    assert one(both, "company_name").confidence > one(title, "company_name").confidence
    assert one(both, "company_name").rule == "name.copyright+title+domain"


def test_the_legal_form_is_kept_apart() -> None:
    html = "<title>Contact | Maplegate</title><p>© 2025 Maplegate Homes, LLC</p>"

    found = facts(EXTRACTOR, html)

    assert values(found, "legal_name") == ["Maplegate Homes, LLC"]


@pytest.mark.parametrize(
    "html",
    [
        "<title>Home</title>",
        "<title>Property Management in Austin</title>",
        "<title>Find your next home today</title>",
        "<title>Untitled Document</title><p>© 2025. All rights reserved.</p>",
        "<p>1920 Monroe Drive, Austin</p>",
        "<title>Contacto</title><p>Contacto</p><p>12 Harbor St<br>Austin, TX 78701</p>",
        "<title>Impressum</title><p>Impressum</p><p>12 Harbor St<br>Austin, TX 78701</p>",
    ],
)
def test_slogans_and_generic_words_are_no_name(html: str) -> None:
    assert name(html, domain="other.example") == ""


def test_the_agency_in_the_footer_is_not_the_firm() -> None:
    html = """<title>Maplegate Homes</title>
      <p>© 2025 Maplegate Homes. Designed by Studio Nine</p>"""

    assert name(html) == "Maplegate Homes"


def test_a_name_that_is_the_whole_domain_wins_over_a_part_of_it() -> None:
    html = '<title>Rentals | Maplegate Homes Group</title><img class="logo" alt="Maplegate Homes">'

    assert name(html, domain="maplegatehomesgroup.example") == "Maplegate Homes Group"


@pytest.mark.parametrize("domain", ["gruenegasse.example", "grunegasse.example"])
def test_letters_that_a_domain_cannot_hold_do_not_part_name_and_domain(domain: str) -> None:
    assert name("<title>Grüne Gasse | Bonn</title>", domain=domain) == "Grüne Gasse"


def test_web_design_may_be_part_of_a_name() -> None:
    html = "<p>Copyright © 2013. Roe Web Design & Graphics. All rights reserved.</p>"

    assert name(html, domain="roeweb.example") == "Roe Web Design & Graphics"


def test_an_office_of_a_franchise_is_named_and_not_its_brand() -> None:
    html = """<img class="logo" alt="Bigbrand"><title>Contact | Bigbrand Maplegate Realty</title>
      <p>© 2025 Bigbrand Maplegate Realty Inc.</p>"""

    assert "Maplegate" in name(html)


def test_the_whole_name_wins_over_the_words_that_it_begins_with() -> None:
    html = "<title>The Team | Maplegate</title><p>© 2024 by Maplegate Realty Group. Made with X</p>"

    assert name(html) == "Maplegate Realty Group"


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Nordhafen Hausverwaltung GmbH – Verwaltung in Kiel", "Nordhafen Hausverwaltung GmbH"),
        ("Gestion du Lac inc. | Gestion immobilière", "Gestion du Lac inc."),
    ],
)
def test_a_legal_form_tells_a_name(title: str, found: str) -> None:
    assert name(f"<title>{title}</title>", domain="nh.example") == found


def test_a_name_above_an_address_counts() -> None:
    html = "<title>Dentist</title><p>Jane Roe, DDS</p><p>12 Harbor St<br>Austin, TX 78701</p>"

    assert name(html + "<p>© 2025 Jane Roe, DDS</p>", domain="roe.example") == "Jane Roe, DDS"


@pytest.mark.parametrize(
    ("one_form", "other"),
    [
        ("Maplegate, LLC", "Maplegate"),
        ("The Maplegate Group", "Maplegate Group"),
        ("ROE & SONS", "Roe and Sons"),
        ("Roe, Poe & Doe, L.L.P.", "Roe Poe & Doe"),
    ],
)
def test_forms_of_one_name_have_one_key(one_form: str, other: str) -> None:
    assert name_key(one_form) == name_key(other)


# address


def test_the_meta_description_is_taken_in_whole_sentences() -> None:
    first = "Maplegate looks after rental homes in Austin for owners who live elsewhere."
    html = f'<meta name="description" content="{first} {"And so on. " * 40}">'

    value = one(html, "description").value

    assert value.startswith(first)
    assert len(value) <= 300
    assert value.endswith("And so on.")


def test_without_a_meta_description_the_first_good_paragraph_is_taken() -> None:
    text = "Maplegate looks after rental homes in Austin for owners who live elsewhere."
    html = f"<p>Home</p><p>This site uses cookies so that it works well for you.</p><p>{text}</p>"

    assert one(html, "description").value == text
    assert values(facts(EXTRACTOR, html, "/rentals/"), "description") == []


@pytest.mark.parametrize(
    "text", ["", "Short.", "word " * 200, "Please enable JavaScript to go on."]
)
def test_what_says_too_little_is_no_description(text: str) -> None:
    assert whole_sentences(text) == ""


@given(st.text(max_size=900))
def test_a_description_is_never_longer_than_the_limit(text: str) -> None:
    assert len(whole_sentences(text)) <= 300


@pytest.mark.parametrize(
    ("text", "company_type", "category"),
    [
        ("HOA management for community associations and homeowners associations.",
         "association", "homeowners_association_management"),
        ("Vacation rental management: your Airbnb and VRBO short-term rental.",
         "vacation_rental", "vacation_rental_management"),
        ("Commercial real estate: office space, retail space and industrial space.",
         "commercial", "commercial_real_estate"),
        ("Property management, tenant screening and rent collection for landlords.",
         "residential", "property_management"),
        ("Apartment communities with floor plans and luxury apartments.",
         "multifamily", "apartment_owner_operator"),
        ("Realtors for buyers and sellers: homes for sale, sell your home.",
         "brokerage", "real_estate_brokerage"),
        ("A law firm whose attorneys and lawyers know many practice areas.",
         "law_firm", "law_firm"),
        ("An architecture studio: six architects for schools and homes.",
         "architecture_firm", "architecture_firm"),
        ("We manage small apartment buildings and look after 73 rental houses.",
         "residential", "property_management"),
        ("Administramos 420 casas. Administración de propiedades en Madrid.",
         "residential", "property_management"),
        ("Mietverwaltung und Hausverwaltung in Bonn.", "residential", "property_management"),
        ("We look after 29 cabins. Short stays by the lake.",
         "vacation_rental", "vacation_rental_management"),
        ("Commercial property management: offices; commercial property managers.",
         "commercial", "commercial_real_estate"),
        ("Tarn Mobile Home Park: a quiet manufactured home community.",
         "multifamily", "apartment_owner_operator"),
        ("Eye care by ophthalmologists: our physicians and patients.",
         "medical_clinic", "medical_clinic"),
        ("Roe Staffing Agency: recruiters for nurses.", "staffing_agency", "staffing_agency"),
        ("Gebäudereinigung Roe: Glasreinigung in Ulm.", "cleaning_service", "cleaning_service"),
        ("Roe Brothers Rentals: houses for rent. Roe Brothers Rentals, Reno.",
         "residential", "property_management"),
        ("Ihr Facharzt in Ulm: Urologie, Kardiologie.", "medical_clinic", "medical_clinic"),
        ("Counseling and mental health care in Reno.", "counseling", "counseling"),
        ("Psicologa a Monza: studio di psicologia e psicoterapia.", "counseling", "counseling"),
        ("Roe Church: join us for Sunday worship with Pastor Roe.", "church", "church"),
        ("Kirchengemeinde Ulm: Gottesdienst am Sonntag.", "church", "church"),
        ("A private investment office with principal capital.",
         "investment_firm", "investment_firm"),
        ("Roe Hospitality runs three hotels with guest rooms.", "hotel", "hotel"),
        ("Steuerberatung Roe: Steuererklärung, Jahresabschluss.",
         "accounting_firm", "accounting_firm"),
        ("Cabinet Roe, expert-comptable. Expertise comptable.",
         "accounting_firm", "accounting_firm"),
        ("Studio Roe, commercialista a Monza. Commercialisti dal 1990.",
         "accounting_firm", "accounting_firm"),
        ("Asociación Roe, entidad sin ánimo de lucro. Hazte socio.", "nonprofit", "nonprofit"),
        ("Roe vzw: word vrijwilliger bij onze vereniging.", "nonprofit", "nonprofit"),
        ("L’association Roe : devenez bénévole, devenez adhérent.", "nonprofit", "nonprofit"),
        ("Associazione Roe onlus: cerchiamo volontari.", "nonprofit", "nonprofit"),
    ],
)  # fmt: skip
def test_the_kind_of_firm_is_counted_from_its_words(
    text: str, company_type: str, category: str
) -> None:
    found = facts(EXTRACTOR, f"<p>{text}</p>")

    assert values(found, "company_type")[0] == company_type
    assert values(found, "category")[0] == category
    quotes = [fact.quote for fact in found if fact.field == "company_type"]
    assert quotes[0] == text


def test_what_the_title_says_counts_twice() -> None:
    text = "<p>Homes for rent in Houston</p>"

    assert values(facts(EXTRACTOR, text), "category") == []
    titled = facts(EXTRACTOR, "<title>Homes for rent in Houston</title>")
    assert values(titled, "category") == ["property_management"]


@pytest.mark.parametrize(
    ("kind", "category"),
    [
        ('"Dentist"', "dental_clinic"),
        ('["LocalBusiness", "Church"]', "church"),
        ('"https://schema.org/Physician"', "medical_clinic"),
    ],
)
def test_the_type_in_structured_data_tells_the_trade(kind: str, category: str) -> None:
    html = f'<script type="application/ld+json">{{"@type": {kind}, "name": "Roe"}}</script>'

    (found,) = [fact for fact in facts(EXTRACTOR, html) if fact.field == "category"]

    assert (found.value, found.method) == (category, "structured")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Homes at 12 Church Street, 14 Church Street and 16 Church Street. Worship.", "church"),
        ("HOA management. Owner login. Realtor portal, realtor documents, realtor login.",
         "real_estate_brokerage"),
        ("We bring hospitality to every home we let.", "hotel"),
        ("A member of the association of lawyers.", "nonprofit"),
        ("Commercial real estate brokers: commercial real estate brokerage in Reno.",
         "real_estate_brokerage"),
        ("Cardiology, urology and dermatology devices for cardiologists.", "medical_clinic"),
        ("Our financial advisors offer wealth management and private equity.", "investment_firm"),
    ],
)  # fmt: skip
def test_words_that_a_trade_shares_with_others_do_not_tell_it(text: str, wrong: str) -> None:
    assert wrong not in values(facts(EXTRACTOR, f"<p>{text}</p>"), "category")


def test_words_inside_other_words_do_not_count() -> None:
    html = "<p>Whoa: capital development, developers of downtown, rapidly. " * 5

    assert values(facts(EXTRACTOR, html), "company_type") == []


def test_only_pages_of_organisations_on_linkedin_are_taken() -> None:
    html = """<a href="https://www.linkedin.com/in/janeroe">Jane</a>
      <a href="https://www.linkedin.com/shareArticle?url=x">Share</a>
      <a href="https://es.linkedin.com/company/maplegate/about/?x=1">Us</a>"""

    fact = one(html, "linkedin_url")

    assert fact.value == "https://www.linkedin.com/company/maplegate"
    assert fact.method == "link"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("We are permanently closed.", "permanently_closed"),
        ("Maplegate has ceased operations.", "permanently_closed"),
        ("The domain maplegate.example is for sale!", "domain_for_sale"),
    ],
)
def test_a_firm_that_says_it_is_closed_is_disqualified(text: str, value: str) -> None:
    assert one(f"<p>{text}</p>", "disqualifiers").value == value
    assert values(facts(EXTRACTOR, f"<p>{text}</p>", "/blog/x/"), "disqualifiers") == []
    assert values(facts(EXTRACTOR, "<p>The office is closed on Sunday.</p>"), "disqualifiers") == []


@given(st.text(alphabet="AaSt. TX,12345-78701\n©2024 LLC|", max_size=300))
def test_any_text_gives_values_with_quotes(text: str) -> None:
    for fact in facts(EXTRACTOR, f"<title>{text}</title><p>{text}</p>"):
        assert fact.value
        assert fact.quote
        assert 0 < fact.confidence <= 1


@pytest.mark.parametrize(
    "bait",
    [
        "12345 " * 40_000,
        "TX 78701 " * 25_000,
        "© 2024 " * 30_000,
        "since " * 40_000,
        "Austin, " * 30_000,
        "A " * 100_000,
        "1 Harbor St " * 20_000,
        "Hafenstraße 12, " * 20_000,
        "12 rue de la Paix " * 20_000,
        "Calle Mayor Calle " * 20_000,
    ],
)
def test_a_page_made_to_stall_is_done_in_bounded_time(bait: str) -> None:
    begin = time.process_time()

    facts(EXTRACTOR, f"<title>{bait}</title><p>{bait}</p>")

    assert time.process_time() - begin < 3
