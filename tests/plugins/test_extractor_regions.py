"""Numbers in national form, on pages that do not print where the firm is."""

import pytest

from app.extractors import Site
from app.extractors.phones import EXTRACTOR
from tests.plugins.pages import facts, values


def phones(html: str, domain: str = "maplegate.example", path: str = "/") -> list[str]:
    return values(facts(EXTRACTOR, html, path, Site(domain)), "phone")


@pytest.mark.parametrize(
    ("lang", "text", "number"),
    [
        ("de", "Telefon: 0731-555012", "+49731555012"),
        ("de", "Zürich, Schweiz, Tel 044 555 01 42", "+41445550142"),
        ("de-AT", "Tel 01 5550142", "+4315550142"),
        ("fr", "Tél. 04 78 55 50 12", "+33478555012"),
        ("es", "Averías: 900 55 01 21", "+34900550121"),
        ("es", "Tel: 55 5555 0142, C.P. 06700, México", "+525555550142"),
        ("es", "Llámenos: 956-555-0142", "+19565550142"),
        ("es", "Lima +51 979 555 014, Tel. 074-512738", "+5174512738"),
        ("it", "Cell. 333 5550142", "+393335550142"),
        ("es", "PBX (601) 555 6944<br>Bogotá, Colombia", "+576015556944"),
        ("en", "Telephone0844 800 1500, Maplegate Showers Ltd", "+448448001500"),
        ("en", "Call 01614960142. Registered in England 0123", "+441614960142"),
        ("en", "Ph (07) 5550 1424, Maplegate Pty Ltd", "+61755501424"),
        ("en", "Serving the United Kingdom from (512) 555-0142", "+15125550142"),
    ],
)
def test_what_a_page_says_of_its_country_tells_whose_numbers_it_prints(
    lang: str, text: str, number: str
) -> None:
    assert number in phones(f'<html lang="{lang}"><body><p>{text}</p></body></html>')


def test_a_dialled_number_of_north_america_outweighs_words_about_other_countries() -> None:
    html = '<p>From the United Kingdom?</p><a href="tel:5125550142">Call</a>'

    assert phones(html) == ["+15125550142"]


@pytest.mark.parametrize(
    ("domain", "text", "number"),
    [
        ("maplegate.com.br", "(11) 95555-0142", "+5511955550142"),
        ("maplegate.mx", "Tel. (55) 5555 0142", "+525555550142"),
        ("maplegate.fr", "Fax : 0590 555 012", "+590590555012"),
        ("maplegate.co", "(512) 555-0142", "+15125550142"),
    ],
)
def test_the_ending_of_the_domain_tells_the_country(domain: str, text: str, number: str) -> None:
    found = facts(EXTRACTOR, f"<p>{text}</p>", site=Site(domain))

    assert [fact.value for fact in found] == [number]


def test_the_number_of_the_sites_host_is_not_the_firms() -> None:
    legal = """<h2>Hébergement</h2><p>Roe Cloud GmbH<br>Roestr. 207<br>10405 Berlin</p>
      <p><a href="tel:+493057700850">+49 30 57700850</a></p>"""
    own = "<h2>Éditeur</h2><p>Maplegate, 04 78 55 50 12</p>"

    assert phones(f'<html lang="fr"><body>{own}{legal}</body></html>') == ["+33478555012"]
    assert phones(f'<html lang="fr"><body>{legal}{own}</body></html>') == ["+33478555012"]


@pytest.mark.parametrize(
    "text",
    [
        "SIRET : 384 941 936 00013",
        "HRB 0731 555012",
        "ABN 12 345 678 901",
        "Kto 208 45 31 01",
    ],
)
def test_numbers_of_registers_are_no_phones(text: str) -> None:
    assert phones(f'<html lang="fr"><body><p>{text}</p></body></html>') == []


def test_the_line_of_the_office_is_surer_than_those_of_its_people() -> None:
    rows = "".join(f"<p>Row {number}</p>" for number in range(20))
    card = "<h3>Jane Roe</h3><p>Broker</p><a href='tel:512-555-0177'>512-555-0177</a>"
    team = facts(EXTRACTOR, f"{rows}{card}{rows}", "/our-team")
    contact = facts(EXTRACTOR, "<p>Cell: 512-555-0177</p><p>Office: 512-555-0142</p>", "/contact")

    sure = {(fact.source_url[-7:], fact.value): fact.confidence for fact in (*team, *contact)}

    assert sure["contact", "+15125550142"] > sure["ur-team", "+15125550177"]
    assert sure["contact", "+15125550142"] > sure["contact", "+15125550177"]


def test_a_date_is_no_phone_and_a_label_may_touch_its_number() -> None:
    dated = '<html lang="de"><body><p>Verliehen am 25.04.2005, Tel. 0431 555012</p></body></html>'
    touching = '<html lang="es"><body><p>WhatsApp+54 9 351 555-0142</p></body></html>'

    assert phones(dated) == ["+49431555012"]
    assert phones(touching) == ["+5493515550142"]
