"""app/pipeline/company_record.py: which value a field gets, and why one is empty."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pipeline._candidates import candidates
from app.pipeline.absence import RESEARCHED
from app.pipeline.company_record import resolve
from app.records.company import Company
from app.records.evidence import Evidence
from app.records.reading import Reading
from tests.factories import evidence
from tests.unit.company_facts import (
    ABOUT,
    CONTACT,
    HOME,
    UNKNOWN,
    absences,
    address,
    resolved,
    seen,
)


def test_an_empty_field_is_filled_with_the_surest_value() -> None:
    company = resolved(
        seen("company_name", "Maple", confidence=0.5),
        seen("company_name", "Maplegate", confidence=0.9),
    )

    assert company.name == "Maplegate"


def test_pages_that_agree_outweigh_one_that_is_a_little_surer() -> None:
    company = resolved(
        seen("company_name", "Maple Shop", confidence=0.82),
        *(seen("company_name", "Maplegate", page) for page in (HOME, ABOUT, CONTACT)),
    )

    assert company.name == "Maplegate"


def test_values_that_differ_in_case_and_punctuation_are_one() -> None:
    facts = [seen("company_name", "Maplegate, Inc."), seen("company_name", "MAPLEGATE INC", ABOUT)]

    (candidate,) = candidates(facts, "company_name")

    assert candidate.value == "Maplegate, Inc."
    assert candidate.pages == 2


def test_equal_scores_go_to_the_stronger_method_and_then_to_the_first() -> None:
    methods = resolved(
        seen("description", "From the text."),
        seen("description", "From the data.", method="structured"),
    )
    order = resolved(seen("description", "First."), seen("description", "Second."))

    assert methods.description == "From the data."
    assert order.description == "First."


def test_what_the_source_says_of_the_name_stays() -> None:
    company = Company(name="Maplegate LLC", domain="maplegate.example")

    kept = resolved(
        *(seen("company_name", "Maple", page, method="structured", confidence=0.95)
          for page in (HOME, ABOUT, CONTACT)),
        company=company,
    )  # fmt: skip

    assert kept.name == "Maplegate LLC"


def test_a_source_that_knew_the_website_alone_has_named_nobody() -> None:
    company = resolved(
        seen("company_name", "Maplegate Homes"),
        company=replace(UNKNOWN, name=UNKNOWN.domain),
    )

    assert company.name == "Maplegate Homes"


def test_the_evidence_of_a_value_that_stays_is_chosen() -> None:
    company = Company(name="Maplegate", domain="maplegate.example")
    stated = evidence("company_name", "Maplegate")
    facts = (stated, seen("company_name", "Maplegate", confidence=0.95))

    _, chosen, _ = resolve(company, facts, reading=Reading(pages=1))

    assert chosen == (stated,)


def test_a_phone_that_the_site_clearly_contradicts_is_replaced() -> None:
    company = Company(name="Maplegate", phone="+15125550100")
    weak = seen("phone", "+15125550142")
    clear = seen("phone", "+15125550142", method="structured", confidence=0.92)
    agreeing = seen("phone", "+15125550100", ABOUT)

    assert resolved(weak, company=company).phone == "+15125550100"
    assert resolved(clear, company=company).phone == "+15125550142"
    assert resolved(clear, agreeing, company=company).phone == "+15125550100"


def test_the_parts_of_an_address_come_from_one_place() -> None:
    company = resolved(
        *address(CONTACT, 0.8, street="12 Harbor St", city="Austin", state="TX", postcode="78701"),
        *address(ABOUT, 0.79, street="5 Hill Rd", city="Dallas", state="TX", postcode="75001"),
        *address(HOME, 0.5, city="Waco", state="TX"),
    )

    place = (company.street, company.city, company.state, company.postcode)
    assert place == ("12 Harbor St", "Austin", "TX", "78701")


def test_a_footer_on_every_page_outweighs_one_surer_address() -> None:
    office = {"street": "12 Harbor St", "city": "Austin", "state": "TX"}
    company = resolved(
        *address(HOME, 0.82, street="5 Hill Rd", city="Dallas", state="TX"),
        *(fact for page in (HOME, ABOUT, CONTACT) for fact in address(page, 0.8, **office)),
    )

    assert company.city == "Austin"


@pytest.mark.parametrize(
    ("shown", "pages", "street"),
    [
        ("5 Hill Rd", (HOME, ABOUT, CONTACT), "5 Hill Rd"),
        ("5 Hill Rd", (HOME, ABOUT), "12 Harbor St"),
        ("12 Harbor Street, Suite 3", (HOME, ABOUT, CONTACT), "12 Harbor St"),
    ],
)
def test_an_address_that_no_page_prints_gives_way_to_one_that_all_print(
    shown: str, pages: tuple[str, ...], street: str
) -> None:
    old = [
        replace(fact, method="structured", rule="structured.address")
        for page in pages
        for fact in address(page, 0.92, street="12 Harbor St", city="Austin", state="TX")
    ]

    company = resolved(
        *old, *(fact for page in pages for fact in address(page, street=shown, city="Austin"))
    )

    assert company.street == street


def test_the_country_of_an_address_may_stand_beside_it_elsewhere() -> None:
    place = {"street": "Hafenweg 12", "city": "Kiel"}

    company = resolved(
        *address(HOME, 0.92, **place, postcode="24103"), *address(ABOUT, 0.8, **place, country="DE")
    )

    assert (company.postcode, company.country) == ("24103", "DE")


def test_an_address_with_its_county_is_the_one_without() -> None:
    place = {"street": "1 Mill Row", "city": "Wells"}

    short = [address(page, 0.8, **place, postcode="BA5 2AA") for page in (HOME, ABOUT)]
    company = resolved(
        *short[0],
        *short[1],
        *address(CONTACT, 0.8, **place, state="Somerset", postcode="BA5 2AA"),
    )
    from_source = resolved(
        *address(CONTACT, 0.8, **place, state="Somerset", postcode="BA5 2AA"),
        company=replace(UNKNOWN, city="Wells", state="ENG"),
    )

    assert company.state == "Somerset"
    assert (from_source.state, from_source.postcode) == ("ENG", "BA5 2AA")


def test_an_address_is_completed_only_by_one_in_the_same_town() -> None:
    company = Company(name="Maplegate", city="Austin", state="TX")
    office = address(CONTACT, street="12 Harbor St", city="Austin", state="TX", postcode="78701")
    other = address(CONTACT, 0.9, street="5 Hill Rd", city="Dallas", state="TX", postcode="75001")

    completed = resolved(*other, *office, company=company)
    untouched = resolved(*other, company=company)

    assert (completed.street, completed.postcode) == ("12 Harbor St", "78701")
    assert (untouched.street, untouched.city, untouched.postcode) == ("", "Austin", "")


def test_an_address_elsewhere_replaces_the_sources_only_when_it_is_clear() -> None:
    company = Company(name="Maplegate", city="Waco", state="OK")
    weak = address(HOME, 0.6, street="12 Harbor St", city="Austin", state="TX")
    clear = [
        fact
        for page in (HOME, ABOUT, CONTACT)
        for fact in address(page, 0.8, street="12 Harbor St", city="Austin", state="TX")
    ]

    assert resolved(*weak, company=company).city == "Waco"
    assert resolved(*clear, company=company).state == "TX"


def test_a_closed_firm_gets_a_disqualifier_once() -> None:
    facts = [
        seen("disqualifiers", "permanently_closed", page, confidence=0.7) for page in (HOME, ABOUT)
    ]
    company = Company(name="Maplegate", disqualifiers=("too_far",))

    assert resolved(*facts, company=company).disqualifiers == ("too_far", "permanently_closed")


def test_facts_without_a_column_are_kept_once_each() -> None:
    facts = [
        seen("email", "info@maplegate.example", confidence=0.7),
        seen("email", "info@maplegate.example", ABOUT, confidence=0.9),
        seen("email", "rent@maplegate.example"),
        seen("founded", "1998"),
        seen("founded", "1989", confidence=0.5),
    ]

    _, chosen, _ = resolve(UNKNOWN, facts, reading=Reading(pages=2))

    assert [(fact.field, fact.value, fact.source_url) for fact in chosen] == [
        ("email", "info@maplegate.example", ABOUT),
        ("email", "rent@maplegate.example", HOME),
        ("founded", "1998", HOME),
    ]


def test_every_empty_exported_field_says_why() -> None:
    found = absences()

    assert list(found) == list(RESEARCHED)
    assert {absence.kind for absence in found.values()} == {"not_found"}
    assert found["state"].detail == "not on the 3 pages read"


def test_without_pages_nobody_looked() -> None:
    found = absences(pages_read=0)

    assert {absence.kind for absence in found.values()} == {"not_looked"}


def test_facts_about_people_are_passed_over() -> None:
    fact = seen("phone", "+15125550142", subject="jane-roe")

    company, chosen, _ = resolve(UNKNOWN, [fact], reading=Reading(pages=1))

    assert company == UNKNOWN
    assert chosen == ()


FACTS = st.builds(
    seen,
    st.sampled_from(
        [
            "company_name",
            "phone",
            "street",
            "city",
            "state",
            "pms_detected",
            "company_type",
            "email",
        ]
    ),
    st.sampled_from(["Austin", "TX", "AppFolio", "residential", "commercial", "+15125550142"]),
    st.sampled_from([HOME, ABOUT, CONTACT]),
    confidence=st.sampled_from([0.3, 0.4, 0.7, 0.95]),
    method=st.sampled_from(["structured", "link", "text", "inferred"]),
    quote=st.sampled_from(["one", "two"]),
)


@given(st.lists(FACTS, max_size=20))
def test_every_value_that_is_filled_has_its_evidence(facts: list[Evidence]) -> None:
    company, chosen, missing = resolve(UNKNOWN, facts, reading=Reading(pages=3))

    told = {(fact.field, fact.value) for fact in chosen}
    filled = {"company_name": company.name} | {
        field: getattr(company, field)
        for field in ("phone", "street", "city", "state", "pms_detected", "company_type")
    }
    for field, value in filled.items():
        assert not value or (field, value) in told
    assert {absence.field for absence in missing}.isdisjoint(
        field for field in RESEARCHED if getattr(company, field)
    )


@given(st.lists(FACTS, max_size=20))
def test_resolving_twice_gives_the_same(facts: list[Evidence]) -> None:
    assert resolve(UNKNOWN, facts, reading=Reading(pages=3)) == resolve(
        UNKNOWN, facts, reading=Reading(pages=3)
    )


@pytest.mark.parametrize("pages_read", [1, 2])
def test_the_number_of_pages_is_told_in_words(pages_read: int) -> None:
    detail = absences(pages_read=pages_read)["state"].detail

    assert detail == ("not on the 1 page read" if pages_read == 1 else "not on the 2 pages read")
