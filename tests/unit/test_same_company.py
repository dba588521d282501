"""app/pipeline/same_company.py"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pipeline.same_company import (
    RULES,
    Group,
    Place,
    Register,
    decide,
    group,
    loudest,
    place_of,
    read_row,
)
from app.records.company import Company

HARBOR = Place(
    "Cedar Harbor Realty",
    domain="cedarharbor.example",
    website="https://www.cedarharbor.example/",
    phone="(512) 555-0101",
    street="410 Maple Street, Suite 200",
    city="Austin",
    state="TX",
    postcode="78701",
    country="US",
)
NAME_AND_TOWN = Place("Cedar Harbor Realty", city="Austin", state="TX", country="US")


def in_austin(name: str, **known: Any) -> Place:
    """A company of which the name, the city and `known` are known."""
    return replace(NAME_AND_TOWN, name=name, **known)


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


def test_rows_are_grouped_with_the_pairs_that_joined_them() -> None:
    rows = [
        HARBOR,
        in_austin("Birch Lane Homes", phone="512 555 0177"),
        replace(HARBOR, name="Cedar Harbor", website="", domain="", street=""),
        HARBOR,
    ]

    groups = group(rows)

    assert [each.members for each in groups] == [(0, 2, 3), (1,)]
    assert [(merge.one, merge.two) for merge in groups[0].merges] == [(0, 2), (0, 3)]
    assert "phone.same" in groups[0].merges[0].match.reasons
    assert groups[0].merges[1].match.reasons == ("row.same",)


def test_a_row_without_address_does_not_make_one_of_two_branches() -> None:
    bare = replace(HARBOR, street="", postcode="", city="", phone="")
    branch = replace(HARBOR, street="88 Elm Road", phone="512 555 0144", postcode="78745")

    groups = group([bare, HARBOR, branch])

    assert decide(bare, HARBOR).same
    assert decide(bare, branch).same
    assert len(groups) == 2
    assert not any({1, 2} <= set(each.members) for each in groups)


@pytest.mark.parametrize(
    ("shared", "reason"),
    [
        ({"phone": "512 555 0100", "postcode": "78701"}, "phone.same"),
        ({"domain": "directory.example"}, "web.domain"),
    ],
)
def test_what_many_names_share_joins_nobody(shared: dict[str, str], reason: str) -> None:
    one = in_austin("Cedar Homes", street="1 College Way", **shared)
    two = in_austin("Cedar Homes", street="90 Oak Road", **shared)
    many = [in_austin(f"{name} Homes", **shared) for name in "Birch Alder Hazel Rowan Fir".split()]

    alone, among_many = group([one, two]), group([one, two, *many])

    assert reason in alone[0].merges[0].match.reasons
    assert [each.members for each in among_many] == [(row,) for row in range(7)]


def test_a_name_without_a_place_does_not_meet_one_with_a_place() -> None:
    nowhere = Place("Cedar Harbor Realty", country="US")

    assert not set(read_row(nowhere).keys) & set(read_row(NAME_AND_TOWN).keys)
    assert [each.members for each in group([nowhere, NAME_AND_TOWN])] == [(0,), (1,)]


def found_by(register: Register, row: Place) -> int | None:
    hit = register.find(read_row(row))
    return hit[0] if hit else None


def test_a_register_finds_the_company_that_a_row_is_among_those_before_it() -> None:
    birch = in_austin("Birch Lane Homes", phone="512 555 0177")
    register = Register()

    for ref, row in enumerate((HARBOR, birch)):
        assert found_by(register, row) is None
        register.add(ref, read_row(row))

    assert found_by(register, replace(HARBOR, website="", domain="")) == 0
    assert found_by(register, replace(birch, phone="+15125550177")) == 1
    register.replace(0)
    assert found_by(register, HARBOR) is None


def test_a_run_has_one_row_for_a_domain_whatever_else_a_row_says() -> None:
    register = Register()
    register.add(7, read_row(HARBOR))
    branch = Place("Harbor Lake Tahoe Office", HARBOR.domain, city="Reno", state="NV")

    hit = register.find(read_row(branch))

    assert hit
    assert (hit[0], loudest(hit[2])) == (7, "row.domain")


def test_a_key_keeps_room_for_the_first_and_a_phone_of_many_says_little() -> None:
    register = Register()
    rows = [in_austin(f"{name} Homes", phone="512 555 0188") for name in "ABCDEFGHIJKLMNOPQRST"]

    room = [len(register.add(ref, read_row(row))) for ref, row in enumerate(rows)]

    assert room[15] > room[16]
    assert found_by(register, in_austin("Homes of Zed", phone="512 555 0188")) is None


def test_two_domains_are_two_companies_where_nothing_else_agrees_but_the_name() -> None:
    here = Place("Cedar Homes", "cedarhomes.example", city="Salem", state="OR")
    there = Place("Cedar Homes", "livehere.example", city="Salem", state="OR")

    assert not decide(here, there).same
    assert decide(replace(here, phone="503 555 0123"), replace(there, phone="503 555 0123")).same


def test_names_alone_must_be_the_same() -> None:
    assert decide(Place("Oak Homes"), Place("Oak Homes LLC")).same
    assert not decide(Place("AT&T"), Place("T-Mobile US")).same


def test_the_columns_of_a_company_are_what_is_compared() -> None:
    company = Company("Cedar", domain="cedar.example", city="Austin", postcode="78701")

    assert place_of(company) == Place(
        "Cedar", domain="cedar.example", city="Austin", postcode="78701"
    )


def test_no_rows_and_empty_rows_can_be_grouped() -> None:
    assert group([]) == []
    assert [each.members for each in group([Place("")])] == [(0,)]


_NAMES = st.sampled_from(
    [
        "Cedar Harbor",
        "Cedar Harbor LLC",
        "Cedar Homes",
        "Birch & Sons",
        "ATM",
        "杉港不動産",
        "",
        "(",
    ]
)
_PLACES = st.builds(
    Place,
    name=_NAMES | st.text(max_size=12),
    domain=st.sampled_from(["", "cedar.example", "birch.example", "facebook.com"]),
    website=st.sampled_from(["", "https://cedar.example/team", "http://[", "cedar"]),
    phone=st.sampled_from(["", "512 555 0101", "+15125550102", "1"]) | st.text(max_size=6),
    street=st.sampled_from(["", "1 Elm St", "12 Elm Street", "Elm Street"]) | st.text(max_size=9),
    city=st.sampled_from(["", "Austin", "Salem"]),
    state=st.sampled_from(["", "TX", "OR"]),
    postcode=st.sampled_from(["", "78701", "78701-1234"]),
    country=st.sampled_from(["", "US", "DE", "Nowhere"]),
    latitude=st.none() | st.floats(-90, 90),
    longitude=st.none() | st.floats(-180, 180),
)


@given(_PLACES, _PLACES)
def test_decisions_are_symmetric_and_reflexive(one: Place, two: Place) -> None:
    match = decide(one, two)

    assert match == decide(two, one)
    assert decide(one, one).same
    assert 0.5 <= match.confidence <= 1
    assert list(match.reasons) == [rule for rule in RULES if rule in match.reasons]


@given(st.lists(_PLACES, max_size=12), st.randoms(use_true_random=False))
def test_groups_do_not_depend_on_the_order_of_rows(rows: list[Place], random: object) -> None:
    order = list(range(len(rows)))
    random.shuffle(order)  # type: ignore[attr-defined]

    given_so, shuffled = group(rows), group([rows[index] for index in order])

    assert _contents(given_so, rows) == _contents(shuffled, [rows[index] for index in order])


@given(st.lists(_PLACES, max_size=12))
def test_groups_are_a_partition_joined_by_one_pair_fewer_than_rows(rows: list[Place]) -> None:
    groups = group(rows)

    assert sorted(row for each in groups for row in each.members) == list(range(len(rows)))
    assert all(len(each.merges) == len(each.members) - 1 for each in groups)
    assert all(merge.match.same for each in groups for merge in each.merges)


def _contents(groups: Sequence[Group], rows: Sequence[Place]) -> list[list[str]]:
    return sorted(sorted(repr(rows[member]) for member in each.members) for each in groups)
