"""Weak numbers and addresses go where strong ones stand."""

import pytest

from app.pipeline._candidates import candidates
from app.pipeline._firms_reach import firms_own, is_home
from app.records.evidence import Evidence
from tests.unit.company_facts import ABOUT, CONTACT, HOME, resolved, seen

DOMAIN = "maplegate.example"


def own(field: str, *facts: Evidence) -> set[str]:
    return {one.value for one in firms_own(candidates(facts, field), field, DOMAIN)}


def passing(field: str, value: str, page: str = ABOUT) -> Evidence:
    return seen(field, value, page, rule=f"{'email' if field == 'email' else 'phone'}.passing")


def test_a_number_given_in_passing_goes_where_another_is_the_firms() -> None:
    assert own("phone", seen("phone", "+1"), passing("phone", "+2")) == {"+1"}
    assert own("fax", seen("fax", "+3"), passing("fax", "+4")) == {"+3"}


def test_a_number_given_in_passing_stays_where_none_is_surer() -> None:
    assert own("phone", passing("phone", "+1"), passing("phone", "+2")) == {"+1", "+2"}


def test_a_number_of_two_pages_or_given_plainly_on_one_stays() -> None:
    twice = (passing("phone", "+2", HOME), passing("phone", "+2", CONTACT))
    plain = (passing("phone", "+3"), seen("phone", "+3", CONTACT, confidence=0.9))

    assert own("phone", seen("phone", "+1"), *twice, *plain) == {"+1", "+2", "+3"}


def test_a_phone_of_three_pages_goes_before_a_surer_one_of_one_page() -> None:
    footer = [seen("phone", "+1", page, confidence=0.8) for page in (HOME, ABOUT, CONTACT)]
    labelled = seen("phone", "+2", CONTACT, confidence=0.92)

    assert resolved(labelled, *footer).phone == "+1"


def test_a_lone_address_at_another_domain_goes_where_the_firm_has_its_own() -> None:
    ours = seen("email", f"info@{DOMAIN}")

    assert own("email", ours, seen("email", "jo@roe.example")) == {ours.value}
    assert own("email", ours, passing("email", "jo@roe.example")) == {ours.value}


@pytest.mark.parametrize(
    "others",
    [
        [seen("email", "jo@gmail.com")],
        [seen("email", "jo@maplegate-homes.example")],
        [seen("email", "jo@roe.example"), seen("email", "jo@roe.example", ABOUT)],
        [seen("email", "jo@roe.example"), seen("email", "ann@roe.example")],
        [seen("email", "jo@roe.example", method="link")],
        [seen("email", "office@roe.example")],
    ],
)
def test_an_address_elsewhere_that_the_firm_uses_stays(others: list[Evidence]) -> None:
    ours = seen("email", f"info@{DOMAIN}")

    assert own("email", ours, *others) == {ours.value, *(one.value for one in others)}


def test_the_only_address_stays_wherever_it_is() -> None:
    assert own("email", seen("email", "jo@roe.example")) == {"jo@roe.example"}


@pytest.mark.parametrize(
    ("host", "home"),
    [
        (DOMAIN, True),
        (f"mail.{DOMAIN}", True),
        ("maplegategroup.example", True),
        ("gmail.com", True),
        ("roe.example", False),
        ("ma.example", False),
    ],
)
def test_a_host_of_the_firms_name_or_a_free_service_is_home(host: str, home: bool) -> None:
    assert is_home(host, DOMAIN) is home
