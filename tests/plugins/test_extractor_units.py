import time

import pytest

from app.extractors.units import EXTRACTOR
from app.records.evidence import Evidence
from tests.plugins.pages import facts


def units(html: str, path: str = "/") -> list[int]:
    return [int(fact.value) for fact in facts(EXTRACTOR, html, path)]


def only(html: str) -> Evidence:
    (fact,) = facts(EXTRACTOR, html)
    return fact


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("We manage over 1,250 doors across Austin.", 1250),
        ("We currently manage 450+ single-family homes.", 450),
        ("Our team looks after more than 300 rental properties.", 300),
        ("A portfolio of 2,400 apartment units in three cities.", 2400),
        ("Maplegate has 1.2k units under management.", 1200),
        ("900 homes under management", 900),
        ("Managing 2,150 flats in 87 blocks along the coast.", 2150),
        ("Managing 85 vacation rentals on the coast.", 85),
        ("We are responsible for 12,000 homes in 40 communities.", 12000),
        ("We manage over one thousand homes.", 1000),
        ("500+doors under management", 500),
        ("Units Managed34+", 34),
        ("We manage 2,000 homes.", 2000),
        ("We manage over 2000 homes.", 2000),
        ("In our program: 118 vacation homes by the sea.", 118),
        ("We take care of 212 rental houses.", 212),
        ("Hoy administramos 420 casas y departamentos.", 420),
        ("Más de 1.250 viviendas gestionadas en Madrid.", 1250),
        ("Zurzeit verwalten wir 62 Wohneinheiten und elf Gästehäuser.", 62),
        ("Mit 3.400 Wohnungen in unserer Verwaltung.", 3400),
        ("Nous gérons 1 200 logements à Lyon.", 1200),
        ("Administramos 310 imóveis em Lisboa.", 310),
        ("Gestiamo 85 appartamenti a Roma.", 85),
        ("Wij beheren 640 woningen.", 640),
        ("Every one of our 112 apartments is owned and looked after by us.", 112),
        ("Wir betreuen rund 2.850 Wohn- und Gewerbeeinheiten in 96 Objekten.", 2850),
        ("Administramos unas 1.150 unidades funcionales.", 1150),
    ],
)
def test_a_number_of_managed_units_is_found_with_its_sentence(text: str, number: int) -> None:
    found = facts(EXTRACTOR, f"<p>Hello there. {text}</p>")

    assert int(found[0].value) == number
    assert found[0].quote in f"Hello there. {text}"
    assert found[0].confidence >= 0.8


@pytest.mark.parametrize(
    "text",
    [
        "We manage over $1,250 million of homes.",
        "We manage 4 homes.",
        "We manage 900,000 homes.",
        "We manage 25,000 square feet of units.",
        "See our 45 available units.",
        "We sold 300 homes last year.",
        "Whether you own 1 or 100 units, we help.",
        "Have 50 rentals?",
        "The average property manager manages 250 units.",
        "If you have 20 properties, call us.",
        "Managing homes since 1998 units",
        "Rental homes in Austin since 1991<br>Homes<br>Owners",
        "Rental management since 1991 Home Houses Owners",
        "Clients of ours manage more than 20,000 apartments; we manage none.",
        "We advise firms that manage 8,000 units.",
        "We manage communities of 100 to 500 units.",
        "Over 1,500 apartment units acquired under our management.",
        "Nuestros clientes administran 420 viviendas.",
        "Administramos casas desde 2008 casas",
        "Verwaltung: 12 Wohnungen verfügbar.",
        "Wir haben 40 Wohnungen gebaut; Verwaltung übernehmen andere.",
        "Over 25 years of managing homes.",
        "Our software manages up to 500 units.",
        "A 3 bedroom, 2 bath home of 1,450 sq ft.",
    ],
)
def test_what_counts_something_else_is_left_out(text: str) -> None:
    assert units(f"<p>{text}</p>", "/services/") == []


def test_a_counter_and_its_label_are_read_together() -> None:
    html = "<div><div>1,250+</div><p>Units Managed</p></div><div><div>98%</div><p>Happy</p></div>"

    fact = only(html)

    assert (fact.value, fact.quote) == ("1250", "1,250+ Units Managed")


def test_a_label_may_stand_before_its_number() -> None:
    assert units("<dl><dt>Doors under management</dt><dd>640</dd></dl>") == [640]


def test_a_counter_that_a_script_runs_up_is_read_from_its_attribute() -> None:
    html = '<div><span class="n" data-count="850">0</span><span>Properties Managed</span></div>'

    assert units(html) == [850]


def test_managed_is_surer_than_owned_and_owned_surer_than_bare() -> None:
    managed = only("<p>We manage 450 homes.</p>")
    owned = only("<p>Maplegate owns 450 homes.</p>")
    bare = only("<p>450 homes</p>")

    assert managed.confidence > owned.confidence > bare.confidence


def test_doors_are_surer_than_properties_and_properties_than_associations() -> None:
    doors = only("<p>We manage 450 doors.</p>")
    properties = only("<p>We manage 450 properties.</p>")
    groups = only("<p>We manage 450 homeowner associations.</p>")

    assert doors.confidence > properties.confidence > groups.confidence


def test_a_bare_number_counts_only_where_the_firm_speaks_of_itself() -> None:
    assert units("<p>43 new luxury apartments</p>", "/about/") == [43]
    assert units("<p>Oak Court is a 240-unit apartment community.</p>", "/about/") == [240]
    assert units("<p>43 new luxury apartments</p>", "/rentals/oak-court/") == []
    assert units("<p>We manage 43 apartments.</p>", "/rentals/oak-court/") == [43]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Since 1999 in the valley. 310 strata plans, 5,800 lots, and a rent roll.", 5800),
        ("94 buildings, 512 suites, one small team.", 512),
        ("94 buildings (512 suites) in Winnipeg.", 512),
        ("85 immeubles, soit 2 300 lots.", 2300),
        ("112 apartments in nine buildings.", 112),
        ("1,200 homes across 14 communities.", 1200),
        ("Há 22 anos em Braga. 175 condomínios, mais de 3.900 frações.", 3900),
        ("Wij doen 140 VvE's met samen ca. 3.400 appartementsrechten.", 3400),
        ("4 200 lots répartis sur 130 copropriétés.", 4200),
    ],
)
def test_what_buildings_hold_is_the_size_where_a_firm_counts_both(text: str, number: int) -> None:
    best = max(facts(EXTRACTOR, f"<p>{text}</p>"), key=lambda fact: fact.confidence)

    assert int(best.value) == number
    assert not [one for one in facts(EXTRACTOR, f"<p>{text}</p>", "/owners/") if one == best]


@pytest.mark.parametrize(
    "text",
    [
        "We have built 94 buildings with 512 apartments for others since 1970 in the valley here.",
        "Finished here: 24 apartments in two buildings, completed in 2021 for the town of Roe.",
        "Since 1970 our crews have painted 5,800 lots across 140 schemes in the valley, and more.",
    ],
)
def test_buildings_and_homes_that_were_worked_on_are_no_size(text: str) -> None:
    assert units(f"<p>{text}</p>") == []


def test_articles_are_not_read() -> None:
    assert units("<p>We manage 450 homes.</p>", "/blog/2024/market/") == []


@pytest.mark.parametrize("bait", ["1,000 " * 40_000, "99 new " * 40_000, "1 " * 100_000])
def test_a_page_made_to_stall_is_done_in_bounded_time(bait: str) -> None:
    begin = time.process_time()

    facts(EXTRACTOR, f"<p>{bait}</p>")

    assert time.process_time() - begin < 3
