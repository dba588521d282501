"""The trade that a page's words tell, language by language."""

import pytest

from app.extractors._firm.trades import trades_of


@pytest.mark.parametrize(
    ("text", "company_type"),
    [
        ("Amministratore di condominio a Monza. Amministrazione condominiale.", "residential"),
        ("Beheer voor uw vereniging van eigenaars: vve-beheer in Gent.", "residential"),
        ("Case vacanza al lago; la tua casa vacanze.", "vacation_rental"),
        ("Vakantiehuis aan zee: onze vakantiewoningen.", "vacation_rental"),
        ("Gewerbeimmobilien in Ulm, Gewerbeimmobilien in Bonn.", "commercial"),
        ("Locales comerciales y oficinas. Inmuebles comerciales.", "commercial"),
        ("Verhuurbeheer en vastgoedbeheer in Gent.", "residential"),
        ("Agenzia immobiliare Roe, agenzia immobiliare a Monza.", "brokerage"),
        ("Makelaar in Gent: uw makelaardij.", "brokerage"),
        ("Advocatenkantoor Roe: advocaten in Gent.", "law_firm"),
        ("Tandartspraktijk Roe: uw tandarts.", "dental_clinic"),
        ("Studio dentistico Roe, odontoiatria.", "dental_clinic"),
        ("Dierenkliniek Roe: uw dierenarts.", "veterinary_clinic"),
        ("Ingenieursbureau Roe, ingenieursbureau in Gent.", "engineering_firm"),
        ("Architectenbureau Roe: een architectenbureau in Gent.", "architecture_firm"),
        ("Versicherungsmakler Roe: Versicherungen vom Versicherungsmakler.", "insurance_agency"),
        ("Correduría de seguros Roe, correduría de seguros en Madrid.", "insurance_agency"),
        ("Impresa edile Roe: ristrutturazioni.", "construction"),
        ("Bouwbedrijf Roe, aannemer in Gent.", "construction"),
        ("Notre paroisse : l’église Saint-Roe.", "church"),
        ("Praxis für Psychotherapie: Psychotherapeutin Ann Roe.", "counseling"),
        ("Empresa de limpieza Roe, empresa de limpieza en Madrid.", "cleaning_service"),
        ("Roe is a GP practice; see the practice nurse.", "medical_clinic"),
        ("A 501(c)(3) organization.", "nonprofit"),
        ("Firma de contadores públicos en Lima; impuestos y nóminas.", "accounting_firm"),
        ("Administração de condomínios em Braga. Condomínios e condóminos.", "residential"),
        ("Administrador de consorcios en Almagro, administrador de consorcios.", "residential"),
        ("Tenants' Association of Roe: the tenants' association.", "nonprofit"),
        ("Cabinet comptable Roe, cabinet comptable à Lyon.", "accounting_firm"),
        ("Roe Barristers: barristers in Leeds.", "law_firm"),
        ("Menuiserie Roe, menuiserie à Lyon.", "construction"),
        ("Tischlerei Roe: Ihre Tischlerei in Ulm.", "construction"),
        ("Strata management in Newcastle: our strata managers.", "association"),
        ("Agence d’intérim Roe : une agence d'intérim à Lyon.", "staffing_agency"),
    ],
)
def test_a_trade_is_known_in_each_language(text: str, company_type: str) -> None:
    found = trades_of(text)

    assert found[0].company_type == company_type
    assert text.lower()[found[0].start : found[0].end].strip()


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Wij beheren uw vereniging van eigenaars. Een vereniging van eigenaars?", "nonprofit"),
        ("Job seekers welcome. Job seekers, job seekers, job seekers.", "staffing_agency"),
    ],
)
def test_a_trades_words_in_anothers_name_do_not_tell_it(text: str, wrong: str) -> None:
    assert wrong not in [one.company_type for one in trades_of(text)]
