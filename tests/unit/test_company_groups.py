"""app/pipeline/same_company.py: which rows of many are one company."""

from collections.abc import Sequence
from dataclasses import replace

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
    read_row,
)
from tests.unit.same_places import HARBOR, NAME_AND_TOWN, in_austin


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
