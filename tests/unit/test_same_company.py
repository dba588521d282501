"""app/pipeline/same_company.py"""

from dataclasses import replace

import pytest

from app.pipeline.same_company import RULES, Place, decide, place_of
from app.records.company import Company
from tests.unit.same_places import HARBOR, NAME_AND_TOWN, in_austin


@pytest.mark.parametrize(
    "other",
    [
        replace(HARBOR, name="CEDAR HARBOR REALTY, L.L.C."),
        replace(HARBOR, name="Cedar Harbour Realty Inc."),
        replace(HARBOR, name="The Cedar Harbor Realty Group", website="", domain=""),
        replace(HARBOR, phone="+1 512-555-0101 ext. 7", street="410 Maple St"),
        replace(HARBOR, postcode="78701-4409", street="410 MAPLE ST STE 200"),
        replace(HARBOR, phone="", website="", domain="", postcode=""),
        replace(HARBOR, domain="cedarharbor-atx.example", website="", phone="512 555 0188"),
        NAME_AND_TOWN,
    ],
)
def test_one_company_in_two_spellings_is_one(other: Place) -> None:
    assert decide(HARBOR, other).same


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (in_austin("Cedar Valley Realty"), "name.overlap"),
        (in_austin("Birch Lane Realty", street="410 Maple St"), "name.other"),
        (in_austin("Cedar Harbor Dental"), "name.other_kind"),
        (replace(NAME_AND_TOWN, city="Dallas"), "city.elsewhere"),
        (replace(NAME_AND_TOWN, state="OR", city=""), "state.other"),
        (replace(NAME_AND_TOWN, country="NZ", state="", city=""), "country.other"),
        (in_austin("Cedar Harbor Realty", street="9 Elm Rd", phone="512 555 0188"), "street.other"),
    ],
)
def test_what_differs_keeps_two_companies_apart(other: Place, reason: str) -> None:
    match = decide(HARBOR, other)

    assert not match.same
    assert reason in match.reasons


def test_branches_of_one_chain_are_two() -> None:
    site = "https://cedarharbor.example/offices"
    north = replace(HARBOR, website=f"{site}/north")
    south = replace(
        HARBOR,
        website=f"{site}/south",
        street="88 Elm Road",
        phone="512 555 0144",
        postcode="78745",
    )

    match = decide(north, south)

    assert not match.same
    assert {"name.same", "street.other", "web.other_page"} <= set(match.reasons)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Larkspur Dental West Campus", "Larkspur Orthodontics West Campus"),
        (
            "Alder Health Vascular Surgery - West Campus",
            "Alder Health General Surgery - West Campus",
        ),
        ("Fernway Market", "Fernway Market Pharmacy"),
        ("Fernway Bank", "Fernway Bank ATM"),
        ("Alder Hospital", "Alder Hospital - Emergency Room"),
        ("Foxglove Suites 12", "Foxglove Suites 14"),
    ],
)
def test_neighbours_on_one_campus_are_two(one: str, two: str) -> None:
    campus = {"street": "1 College Way", "postcode": "78702"}

    match = decide(
        in_austin(one, phone="512 555 0110", **campus),
        in_austin(two, phone="512 555 0123", **campus),
    )

    assert not match.same


def test_a_name_that_many_firms_have_needs_more_than_a_town() -> None:
    one, two = in_austin("Property Management LLC"), in_austin("Property Management, Inc.")

    assert not decide(one, two).same
    assert decide(replace(one, phone="512 555 0101"), replace(two, phone="5125550101")).same


def test_a_branch_may_be_named_after_its_town() -> None:
    assert "name.close" in decide(HARBOR, in_austin("Cedar Harbor Austin")).reasons


@pytest.mark.parametrize(
    ("domain", "website"),
    [
        ("facebook.com", "https://facebook.com/{}"),
        ("zillow.com", "https://www.zillow.com/profile/{}"),
        ("gmail.com", ""),
        ("managebuilding.com", "https://{}.managebuilding.com/"),
    ],
)
def test_a_site_of_many_firms_is_no_identity(domain: str, website: str) -> None:
    one = in_austin("Cedar Harbor", domain=domain, website=website.format("cedar"))
    two = in_austin("Birch Lane", domain=domain, website=website.format("birch"))

    match = decide(one, two)

    assert not match.same
    assert "web.domain" not in match.reasons


def test_a_page_on_a_site_of_many_firms_is_one() -> None:
    page = {"domain": "facebook.com", "website": "https://www.facebook.com/cedarharbor?ref=x"}
    other = {"domain": "facebook.com", "website": "http://facebook.com/cedarharbor/"}

    match = decide(in_austin("Cedar Harbor", **page), in_austin("Cedar Harbor", **other))

    assert "web.page" in match.reasons


def test_a_number_free_of_charge_is_no_identity() -> None:
    one = replace(HARBOR, phone="800 555 0199", domain="", website="")
    two = replace(one, phone="+1 800-555-0199", street="88 Elm Road", postcode="78745")

    match = decide(one, two)

    assert not match.same
    assert "phone.same_central" in match.reasons


@pytest.mark.parametrize(
    ("one", "two", "country"),
    [
        ("+44 20 7946 0958", "020 7946 0958", "GB"),
        ("+49 30 5550 1234", "0493 055501234", "DE"),
        ("+1 (512) 555-0101", "1-512-555-0101", "US"),
        ("0039 06 5550 1234", "06 55501234", "IT"),
    ],
)
def test_a_phone_is_one_however_it_is_written(one: str, two: str, country: str) -> None:
    a, b = Place("Cedar", phone=one, country=country), Place("Birch", phone=two, country=country)

    assert "phone.same" in decide(a, b).reasons


@pytest.mark.parametrize(
    ("one", "two", "rule"),
    [
        ("12 North Main Street", "12 N. Main St, Apt 4", "street.same"),
        ("33 W 116th St", "100 W 116th St", "street.other_number"),
        ("Lindenstraße 7", "Lindenstr. 7", "street.same"),
        ("Calle del Olmo, 18", "C. Olmo 18", "street.same"),
        ("12 Elm Road", "14 Elm Rd", "street.next_door"),
        ("Elm Road", "14 Elm Rd", "street.no_number"),
        ("12 Elm Road", "12 Oak Road", "street.same_number"),
        ("12 Elm Road", "90 Oak Road", "street.other"),
    ],
)
def test_streets_are_compared_by_number_and_name(one: str, two: str, rule: str) -> None:
    assert rule in decide(in_austin("Cedar", street=one), in_austin("Cedar", street=two)).reasons


@pytest.mark.parametrize(
    ("one", "two", "rule"),
    [
        ("Esslingen", "Esslingen am Neckar", "city.same"),
        ("Austin", "Round Rock", "city.elsewhere"),
    ],
)
def test_cities_are_compared_by_their_words(one: str, two: str, rule: str) -> None:
    assert rule in decide(Place("Cedar", city=one), Place("Cedar", city=two)).reasons


def test_a_city_in_another_alphabet_is_not_another_city() -> None:
    reasons = decide(Place("Cedar", city="Osaka"), Place("Cedar", city="大阪市")).reasons

    assert not any(reason.startswith("city") for reason in reasons)


def test_a_domain_may_spell_the_name_of_a_row_without_a_website() -> None:
    match = decide(HARBOR, in_austin("Cedar Harbor"))

    assert "web.named" in match.reasons


def test_distance_counts_where_streets_are_not_known() -> None:
    here = replace(NAME_AND_TOWN, latitude=30.2672, longitude=-97.7431)

    next_door = decide(here, replace(here, latitude=30.2673))
    across_town = decide(here, replace(here, latitude=30.3672))

    assert (next_door.same, across_town.same) == (True, False)
    assert "distance.near" in next_door.reasons
    assert "distance.far" in across_town.reasons


def test_every_reason_is_a_rule_with_weight_and_source() -> None:
    match = decide(HARBOR, replace(HARBOR, street="412 Maple St", phone=""))

    assert set(match.reasons) <= set(RULES)
    assert all(rule.text and rule.source for rule in RULES.values())


def test_names_alone_must_be_the_same() -> None:
    assert decide(Place("Oak Homes"), Place("Oak Homes LLC")).same
    assert not decide(Place("AT&T"), Place("T-Mobile US")).same


def test_the_columns_of_a_company_are_what_is_compared() -> None:
    company = Company("Cedar", domain="cedar.example", city="Austin", postcode="78701")

    assert place_of(company) == Place(
        "Cedar", domain="cedar.example", city="Austin", postcode="78701"
    )
