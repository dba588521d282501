"""What stands beside a number or an address, and whether it shows whose it is."""

import pytest

from app.extractors._reach.in_passing import is_in_passing
from app.extractors.emails import EXTRACTOR as EMAILS
from app.extractors.phones import EXTRACTOR as PHONES
from tests.plugins.pages import facts

NUMBER = "555 0142 111"
OWN = [
    "Call us at @",
    "Our office: @",
    "Leasing @",
    "Accounts payable: @",
    "After hours maintenance line: @",
    "Emergency maintenance: @",
    "Chicago, IL @",
    "Toll-free: @",
    "Denver office: 120 Main Street, Denver, CO 80202, @",
    "Questions? Call @ today.",
    "For leasing information, please call @",
    "To schedule a viewing call or text @",
    "Lindenhof Properties, 12 Main Street, Springfield, @",
    "Tenants can report repairs on @",
    "Our emergency line is answered day and night: @",
    "Galway office, 12 Shop Street, Galway, @",
    "Direct line for landlords: @",
    "Notdienst für unsere Mieter: @",
    "Horario: lunes a viernes, tel. @",
    "Fuori orario: @",
    "Buiten kantooruren: @",
    "Telefon: @",
    "Büro München: Leopoldstr. 5, 80802 München, Tel. @",
    "Sie erreichen uns unter @",
    "Rufen Sie uns an: @",
    "Notfallnummer für unsere Mieter: @",
    "Terminvereinbarung unter @",
    "Tél. @",
    "Appelez-nous au @",
    "Agence de Lyon : 3 rue de la Paix, 69002 Lyon, @",
    "Llámenos al @",
    "Oficina de Valencia: C/ Colón 5, 46004 Valencia, tel. @",
    "Atención al cliente: @",
    "Per appuntamenti telefonare al @",
    "Sede di Bologna: via Emilia 3, 40121 Bologna, tel. @",
    "Bel ons op @",
    "Kantoor Utrecht: @",
    "Escritório do Porto: Rua X 3, 4000-010 Porto, @",
]
OTHERS = [
    "Peachtree Roofing, ask for Bill, @",
    "Our auditor is Klein & Roe, @",
    "We insure through Roe Mutual (claims: @",
    "For water service call the City of Maple at @",
    "Deposit disputes: Roe Deposit Scheme, @",
    "Gas leak? Call Maple Gas at @",
    "Heating: Roe HVAC @",
    "Towing is handled by A-1 Towing @",
    "Ask your council's housing team: @",
    "Winterdienst Lehmann: @",
    "Verbraucherzentrale, Weg 9, 80336 München, Tel. @",
    "Dépannage : SOS Clés, @",
    "Ayuntamiento de Roda: @",
    "Collegio dei geometri, via Po 3, Torino, tel. @",
    "Makelaar: Van Dam, @",
    "The superintendent of the building next door is Joe Roe at @",
    "Mitglied der Rechtsanwaltskammer Oldenburg, Weg 5, 26122 Oldenburg, Tel. @",
    "Berufshaftpflicht: Roe AG, 10900 Berlin, Tel. @",
    "Giftnotruf: @",
    "Elektro: Elektro Rohe, Herr Rohe, @",
    "Beispiel: @",
    "Hébergeur : Roe Cloud, 2 rue X, 59100 Roubaix, tél. @",
    "Pharmacie de garde : @",
    "Expert-comptable : Cabinet Durand, @",
    "Ilustre Colegio de Abogados, calle Serrano 9, tel. @",
    "Nuestro seguro: Roe, S.A., @",
    "Garante per la protezione dei dati, Piazza 11, Roma, tel. @",
    "Idraulico: Rossi Impianti, @",
    "Huisartsenpost: @",
    "Loodgieter: Jansen BV, @",
    "Eletricista: Sr. Costa, @",
    "presse : Camille Aubry, bureau Roe, camille@roe.example, @",
    "Asistencia en el hogar: @ (servicio de Roe Levante)",
]


def _passing(line: str) -> bool:
    text = (
        f"Home\nAbout\nSome text.\n{f' {NUMBER}'.join(line.rsplit(' @', 1))}\nMore text\nand more"
    )
    start = text.index(NUMBER)
    domain = "lindenhof-properties.example"
    return is_in_passing(text, start, start + len(NUMBER), 0, domain, "Lindenhof Properties")


@pytest.mark.parametrize("line", OWN)
def test_a_label_a_place_or_a_call_to_us_shows_that_a_number_is_the_firms(line: str) -> None:
    assert not _passing(line)


@pytest.mark.parametrize("line", OTHERS)
def test_a_number_after_somebody_elses_name_is_given_in_passing(line: str) -> None:
    assert _passing(line)


@pytest.mark.parametrize(
    "html",
    [
        "<p>Roe Data Ltd<br>5 Main Street<br>Maple, TX 78701<br>Phone: (512) 555-0142</p><p>x</p>",
        "<p>Jane Doe<br>(512) 555-0142<br>jane@roe-lending.example</p><p>x</p>",
        "<h3>Useful numbers</h3><p>Gate: (512) 555-0142</p><p>x</p>",
        "<p>Otis Roe, (512) 555-0142 or (512) 555-0143</p><p>x</p>",
    ],
)
def test_a_block_of_another_a_list_and_a_second_number_are_in_passing(html: str) -> None:
    found = [one for one in facts(PHONES, html) if one.field == "phone"]

    assert found
    assert {one.rule for one in found} == {"phone.passing"}


def test_a_text_about_data_protection_gives_all_its_numbers_in_passing() -> None:
    found = facts(PHONES, "<p>Telefon: (512) 555-0142</p>", path="/datenschutz/")

    assert [one.rule for one in found] == ["phone.passing"]


def test_the_letterhead_of_an_imprint_is_the_firms_whatever_it_is_called() -> None:
    block = "<p>Roe Holding GmbH<br>Weg 1<br>80331 Roda<br>Telefon: (512) 555-0142</p>"
    html = f"<h1>Impressum</h1><h2>Angaben gemäß § 5 DDG</h2>{block}<p>E-Mail: a@roe.example</p>"

    assert [one.rule for one in facts(PHONES, html, path="/impressum/")] == ["phone.text"]


def test_the_chambers_fax_is_in_passing_as_its_phone_is() -> None:
    html = "<p>Member of the Chamber of Roe, Way 5, Tel. (512) 555-0142, Fax (512) 555-0143</p>"

    found = {(one.field, one.rule) for one in facts(PHONES, html)}

    assert found == {("phone", "phone.passing"), ("fax", "phone.passing")}


def test_an_address_at_another_domain_after_another_name_is_in_passing() -> None:
    found = facts(EMAILS, "<p>Press: Jane Doe at Roe Relations, jane@roe-relations.example</p>")

    assert [one.rule for one in found] == ["email.passing"]


def test_a_link_that_shows_anothers_name_gives_its_address_in_passing() -> None:
    html = '<p>Towing is by <a href="mailto:bob@roe.example">Roe Towing</a></p>'
    own = '<p>Write to us: <a href="mailto:bob@roe.example">Email</a></p>'

    assert [one.rule for one in facts(EMAILS, html)] == ["email.passing"]
    assert [one.rule for one in facts(EMAILS, own)] == ["email.mailto"]
