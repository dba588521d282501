import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.extractors import Site
from app.extractors.phones import EXTRACTOR, OF_STAFF, e164
from tests.plugins.pages import facts, values

BRITISH = Site(domain="maplegate.co.uk", country="US")


def phones(html: str, site: Site | None = None) -> list[str]:
    return values(facts(EXTRACTOR, html, site=site or Site("maplegate.example")), "phone")


@pytest.mark.parametrize(
    "text",
    [
        "(512) 555-0142",
        "512-555-0142",
        "512.555.0142",
        "512 555 0142",
        "+1 512 555 0142",
        "1-512-555-0142",
        "(512)555-0142",
        "512/555-0142",
        "Phone512-555-0142",
        "Call 5125550142",
        "Phone: (512) 555-0142 ext. 7",
        "512\u2011555\u20110142",
    ],
)
def test_a_number_is_found_however_it_is_written(text: str) -> None:
    assert phones(f"<p>{text}</p>") == ["+15125550142"]


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-01 to 2025-06-02",
        "05/01/2024",
        "$512,555,0142",
        "Rent $1,250-1,500",
        "Austin, TX 78701-1234",
        "License #5125550142",
        "Lic. No. 512-555-0142",
        "NMLS 512 555 0142",
        "5125550142",
        "Order 512-555-01429",
        "192.168.100.200",
        "30.267153, -97.743057",
        "123-456-7890",
        "(555) 123-4567",
        "555-555-5555",
        "(512) 555-1234",
        "000-000-0000",
        "TTY: 800-735-2989",
    ],
)
def test_what_is_no_phone_number_is_left_out(text: str) -> None:
    assert phones(f"<p>{text}</p>") == []


@pytest.mark.parametrize(
    "html",
    [
        "<p>Ask your pharmacy to fax us at (512) 555-0143</p>",
        "<p>Fx. (512) 555-0143</p>",
        "<p>Fax: 512-555-0143</p>",
        "<p>F 512.555.0143</p>",
        "<p>F: (512) 555-0143</p>",
        "<p>512-555-0143 (fax)</p>",
        "<table><tr><td>Fax</td><td>512-555-0143</td></tr></table>",
        "<dl><dt>Fax</dt><dd>512-555-0143</dd></dl>",
        "<p>Facsimile number: 512-555-0143</p>",
        '<p><img src="/i/fax.gif" alt="fax">512-555-0143</p>',
        '<p><i class="fa fa-fax"></i> <span>512-555-0143</span></p>',
        '<p class="footer-fax">512-555-0143</p>',
        '<p>Fax: <a href="tel:+15125550143">512-555-0143</a></p>',
    ],
)
def test_a_fax_is_a_fax_and_no_phone(html: str) -> None:
    found = facts(EXTRACTOR, html)

    assert values(found, "fax") == ["+15125550143"]
    assert values(found, "phone") == []


@pytest.mark.parametrize(
    "text",
    [
        "Web site by Molar Pixel Studio, 888-555-0100",
        "Listing courtesy of Jane Doe, Roe Realty, 214-555-0198",
        "Listed by Roe Realty (214) 555-0198",
        "Listing courtesy of Roe Gate Homes, 214-555-0198",
        "Austin police, not urgent: 512-555-0198",
        "Electric company 512-555-0198",
        "Your insurance carrier: 800-555-0198",
    ],
)
def test_a_number_of_somebody_else_is_none_of_the_firms(text: str) -> None:
    assert phones(f"<p>Call (512) 555-0142</p><p>{text}</p>") == ["+15125550142"]


def test_numbers_under_a_heading_for_partners_are_none_of_the_firms() -> None:
    rows = "".join(f"<p>Row {number}</p>" for number in range(20))
    block = "<h3>Preferred Vendors</h3><p>Roe Plumbing</p><p>(512) 555-0198</p>"
    menu = "<li>Our Partners</li><li>Contact</li><li>(512) 555-0142</li>"

    assert phones(f"<ul>{menu}</ul>{rows}{block}") == ["+15125550142"]


def test_a_number_of_the_firm_is_kept_where_its_own_name_is_that_of_a_service() -> None:
    site = Site("maplegateenergy.example")

    assert phones("<p>Maplegate Energy 512-555-0142</p>", site) == ["+15125550142"]


def test_phone_and_fax_on_one_line_are_told_apart() -> None:
    found = facts(EXTRACTOR, "<p>P 512.555.0142 F 512.555.0143 E info@maplegate.example</p>")

    assert values(found, "phone") == ["+15125550142"]
    assert values(found, "fax") == ["+15125550143"]


def test_the_label_of_the_next_line_is_not_that_of_the_number_before() -> None:
    found = facts(EXTRACTOR, "<ul><li>603-555-0142</li><li>(FAX) &nbsp;+1 (617) 555-0143</li></ul>")

    assert values(found, "phone") == ["+16035550142"]
    assert values(found, "fax") == ["+16175550143"]


def test_a_number_for_both_is_given_as_both() -> None:
    found = facts(EXTRACTOR, "<p>Phone/Fax: 512-555-0142</p>")

    assert values(found, "phone") == ["+15125550142"]
    assert values(found, "fax") == ["+15125550142"]


def test_with_call_tracking_the_printed_number_is_surer_than_the_dialled_one() -> None:
    found = facts(EXTRACTOR, '<a href="tel:(512)-555-0177">Call (512) 555-0142</a>')

    by_value = {fact.value: fact.confidence for fact in found}

    assert by_value["+15125550142"] > by_value["+15125550177"]


def test_a_link_and_its_text_that_agree_are_surer_than_either() -> None:
    both = facts(EXTRACTOR, '<a href="tel:+15125550142">(512) 555-0142</a>')
    text = facts(EXTRACTOR, "<p>Call (512) 555-0142</p>")
    link = facts(EXTRACTOR, '<a href="tel:+15125550142">Call us</a>')

    assert both[0].confidence > text[0].confidence > link[0].confidence


def test_letters_are_dialled_as_digits() -> None:
    assert phones("<p>Call 512-555-RENT or 1-800-555-0199</p>") == ["+18005550199"]
    assert phones("<p>Call 512-867-RENT</p>") == ["+15128677368"]
    assert phones("<p>949 PARKWAY AVENUE</p>") == []


def test_a_national_number_is_read_by_the_country_of_the_domain() -> None:
    html = "<p>Tel: 020 7946 0018, or from abroad +44 20 7946 0018</p>"

    assert phones(html, BRITISH) == ["+442079460018"]


def test_a_house_number_after_a_number_is_not_part_of_it() -> None:
    assert phones("<p>+44 20 7946 0018 15th Floor</p>", BRITISH) == ["+442079460018"]


def test_pages_about_others_are_not_read() -> None:
    html = "<p>Hotline: 512-555-0177</p><a href='tel:+15125550142'>Call</a>"

    assert values(facts(EXTRACTOR, html, "/fair-housing"), "phone") == []
    assert values(facts(EXTRACTOR, html, "/contact"), "phone") == ["+15125550177", "+15125550142"]


def test_a_chat_number_of_another_country_is_a_partners() -> None:
    html = """<a href="https://wa.me/15125550142?text=Hi">Chat</a>
      <a href="https://wa.me/442079460018">Partner</a>"""

    assert phones(html) == ["+15125550142"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("(512) 555-0142", "+15125550142"),
        ("512-555-0142 x12", "+15125550142"),
        ("299-555-0142", "+12995550142"),
        ("+49 30 901820", "+4930901820"),
        ("+44 1632 960144", "+441632960144"),
        ("no number", ""),
        ("", ""),
    ],
)
def test_a_number_is_normalised(text: str, number: str) -> None:
    assert e164(text) == number


@given(st.text(alphabet="0123456789 ()-.+/xF:aTel\n", max_size=200))
def test_any_digits_give_only_numbers_that_the_page_prints(text: str) -> None:
    for fact in facts(EXTRACTOR, f"<p>{text}</p>"):
        digits = "".join(char for char in fact.quote if char.isdigit())
        assert fact.value.startswith("+")
        assert fact.value[-7:] in digits


@pytest.mark.parametrize(
    "bait", ["1" * 200_000, "1 (" * 60_000, "5-" * 80_000, "512-555-" * 30_000]
)
def test_a_page_made_to_stall_is_done_in_bounded_time(bait: str) -> None:
    begin = time.process_time()

    facts(EXTRACTOR, f"<p>{bait}</p>")

    assert time.process_time() - begin < 3


@pytest.mark.parametrize(
    ("lang", "text", "number"),
    [
        ("de", "Hafenstraße 12 · 24103 Kiel · Tel. 0431 556677", "+49431556677"),
        ("fr", "18 rue Nationale, 59800 Lille – Tél. : 03 20 55 01 44", "+33320550144"),
        ("es", "Calle Mayor, 24 · 50004 Zaragoza · Tel. 976 55 01 20", "+34976550120"),
        ("es", "2210 Mesilla Park Rd, Las Cruces, NM 88005 · 575-555-0126", "+15755550126"),
    ],
)
def test_the_address_on_a_page_tells_whose_numbering_plan_it_follows(
    lang: str, text: str, number: str
) -> None:
    assert phones(f'<html lang="{lang}"><body><p>{text}</p></body></html>') == [number]


def test_the_number_of_an_ombudsman_is_not_the_firms() -> None:
    assert phones("<p>Complaints: The Property Ombudsman, 512-555-0142</p>") == []


GERMAN = Site(domain="praxis-lindqvist.example", country="DE")


def test_numbers_that_a_slash_parts_are_two() -> None:
    page = "<p>Telefon: 030 425 26 27 / 030 42 01 01 10</p>"

    assert phones(page, GERMAN) == ["+49304252627", "+493042010110"]


def test_a_country_code_in_brackets_is_no_area_code() -> None:
    assert phones("<p>Call (592) 226-1126</p>") == ["+5922261126"]


@pytest.mark.parametrize(
    "heading",
    [
        "<h2>Zuständige Kammer</h2>",
        "<h2>Zuständige Aufsichtsbehörde</h2>",
        "<h2>Berufshaftpflichtversicherung</h2>",
        "<p>Nachts wenden Sie sich bitte an den ärztlichen Notdienst</p>",
    ],
)
def test_the_number_of_an_authority_is_not_the_firms(heading: str) -> None:
    page = (
        "<h1>Impressum</h1><p>Praxis Lindqvist<br>Telefon: 0431 556677</p>"
        + "<p>Eine Zeile</p>" * 9
        + f"{heading}<p>Auf der Höhe 3<br>48147 Münster<br>Telefon: 0251 507577</p>"
    )

    assert phones(page, GERMAN) == ["+49431556677"]


def test_of_a_directory_the_first_numbers_and_those_in_the_frame_are_the_firm_s() -> None:
    listed = "".join(f"<p>Clinic {n}: Phone 512-555-01{n}</p>" for n in range(30, 42))
    filler = "<p>Read on.</p>" * 16
    html = f"<p>Phone 512-555-0142</p>{filler}{listed}{filler}<p>Call 512-555-0142</p>"

    found = values(facts(EXTRACTOR, html), "phone")

    assert found == ["+15125550142", *(f"+151255501{n}" for n in range(30, 34))]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("If you smell gas, leave and call Lowland Gas at 512-555-0131.", []),
        ("For those talk to our friends at Laurel Stays (512-555-0131).", []),
        ("For help with rent write or call Justice For Neighbors, 512-555-0131.", []),
        ("Questions? Please call Maplegate Homes at 512-555-0131.", ["+15125550131"]),
        ("For showings please call Jane Doe at 512-555-0131.", ["+15125550131"]),
        ("Newport News (512) 555-0131", ["+15125550131"]),
        ("We are here for tenants. Main Office: 512-555-0131", ["+15125550131"]),
    ],
)
def test_a_number_that_a_sentence_gives_for_another_firm_is_not_the_firm_s(
    text: str, numbers: list[str]
) -> None:
    assert values(facts(EXTRACTOR, f"<p>{text}</p>"), "phone") == numbers


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("USt-IdNr.: DE 814 552 907", "lindenhof.de"),
        ("Spendenkonto: IBAN DE02 5205 0353 0011 2233 44", "lindenhof.de"),
        ("C.F. e P.IVA 04127750378", "tiglio.it"),
        ("Ondernemingsnummer BE 0478.912.336", "linde.be"),
    ],
)
def test_numbers_of_registers_and_accounts_are_no_phones(text: str, domain: str) -> None:
    assert phones(f"<p>{text}</p>", Site(domain)) == []


def test_a_number_among_people_is_doubtful_even_at_the_top_of_a_short_page() -> None:
    found = facts(EXTRACTOR, "<p>Jane Doe</p><p>Broker</p><p>512-555-0142</p>", path="/agents")

    assert [one.confidence for one in found] == [OF_STAFF]


@pytest.mark.parametrize(
    "label", ["After-hours maintenance", "Emergencies", "Notfälle", "Urgences", "Urgencias 24 h"]
)
def test_a_number_for_emergencies_is_less_sure_than_the_office_s(label: str) -> None:
    html = f"<p>Office (512) 555-0142</p><p>{label}: (512) 555-0143</p><p>Call (512) 555-0143</p>"

    office, urgent = facts(EXTRACTOR, html)

    assert office.confidence > urgent.confidence


def test_the_number_behind_a_link_that_shows_another_is_told_apart() -> None:
    html = '<a href="tel:888-456-5789">(512) 555-0142</a>'

    found = {one.value: one.rule for one in facts(EXTRACTOR, html)}

    assert found == {"+18884565789": "phone.unseen", "+15125550142": "phone.text"}
