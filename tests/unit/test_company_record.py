from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pipeline._candidates import candidates
from app.pipeline.absence import RESEARCHED
from app.pipeline.company_record import resolve
from app.records.company import Company
from app.records.evidence import Absence, Evidence
from app.records.reading import Reading
from tests.factories import evidence

HOME = "https://maplegate.example/"
ABOUT = "https://maplegate.example/about"
CONTACT = "https://maplegate.example/contact"
UNKNOWN = Company(name="", domain="maplegate.example", website=HOME)


def seen(field: str, value: str, page: str = HOME, **given: Any) -> Evidence:
    """A fact in the text of a page."""
    given = {"method": "text", "confidence": 0.8, "quote": value, "rule": "test"} | given
    return evidence(field, value, source_url=page, **given)


def address(page: str = HOME, confidence: float = 0.8, **parts: str) -> list[Evidence]:
    quote = ", ".join(parts.values())
    return [
        seen(part, value, page, confidence=confidence, quote=quote, rule="address.text")
        for part, value in parts.items()
    ]


def link(vendor: str, page: str = HOME, confidence: float = 0.95) -> Evidence:
    return seen("pms_detected", vendor, page, confidence=confidence, method="link")


def said(vendor: str, page: str = HOME, confidence: float = 0.7) -> Evidence:
    return seen("pms_detected", vendor, page, confidence=confidence)


def resolved(*facts: Evidence, company: Company = UNKNOWN) -> Company:
    return resolve(company, facts, reading=Reading(pages=3))[0]


def absences(*facts: Evidence, pages_read: int = 3) -> dict[str, Absence]:
    found = resolve(UNKNOWN, facts, reading=Reading(pages=pages_read))[2]
    return {absence.field: absence for absence in found}


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


def test_software_with_a_customers_address_on_most_pages_wins() -> None:
    company = resolved(
        link("AppFolio"),
        link("Buildium", ABOUT),
        link("Buildium", CONTACT),
        said("Yardi", HOME, 0.79),
    )

    assert company.pms_detected == "Buildium"


def test_two_vendors_with_equal_links_leave_the_software_open_and_say_so() -> None:
    facts = (link("AppFolio"), link("Buildium"), said("Yardi", ABOUT))

    company, chosen, gaps = resolve(UNKNOWN, facts, reading=Reading(pages=3))

    assert company.pms_detected == ""
    assert {one.value for one in chosen if one.field == "software"} == {
        "AppFolio",
        "Buildium",
        "Yardi",
    }
    assert (
        Absence(
            "pms_detected",
            "conflicting",
            "pages lead to portals of several (pages): AppFolio (1), Buildium (1)",
        )
        in gaps
    )


def test_one_page_more_decides_between_two_vendors() -> None:
    facts = (link("AppFolio"), link("Buildium"), link("Buildium", ABOUT))

    assert resolved(*facts).pms_detected == "Buildium"
    assert "pms_detected" not in absences(*facts)


def test_a_link_wins_over_text_and_further_vendors_are_kept_as_software() -> None:
    facts = [said("Yardi", page) for page in (HOME, ABOUT, CONTACT)]

    company, chosen, _ = resolve(
        UNKNOWN,
        [*facts, link("AppFolio"), link("AppFolio", ABOUT), link("Buildium")],
        reading=Reading(pages=3),
    )

    assert company.pms_detected == "AppFolio"
    assert {one.value: one.field for one in chosen} == {
        "AppFolio": "pms_detected",
        "Buildium": "software",
        "Yardi": "software",
    }


def test_text_of_a_firm_that_serves_property_managers_shows_no_software_of_its_own() -> None:
    law_firm = replace(UNKNOWN, category="law_firm")

    assert resolved(said("Yardi"), company=law_firm).pms_detected == ""
    assert resolved(link("Yardi"), company=law_firm).pms_detected == "Yardi"


def test_software_that_text_says_is_in_use_counts_without_a_rival() -> None:
    assert resolved(said("DoorLoop"), said("Yardi", ABOUT, 0.4)).pms_detected == "DoorLoop"


def test_texts_that_disagree_leave_the_software_open_and_say_so() -> None:
    facts = (said("DoorLoop"), said("Yardi", ABOUT))

    assert resolved(*facts).pms_detected == ""
    assert absences(*facts)["pms_detected"] == Absence(
        "pms_detected",
        "conflicting",
        "text names several as in use (pages): DoorLoop (1), Yardi (1)",
    )


def test_a_name_in_passing_is_no_software_but_is_told() -> None:
    fact = said("Yardi", HOME, 0.4)

    assert resolved(fact).pms_detected == ""
    assert absences(fact)["pms_detected"] == Absence(
        "pms_detected", "not_found", "not on the 3 pages read; named in passing: Yardi"
    )


def test_software_that_does_not_manage_property_is_kept_as_evidence_only() -> None:
    fact = seen("software", "Tenant Turner", method="link", confidence=0.95)

    company, chosen, _ = resolve(UNKNOWN, [fact], reading=Reading(pages=1))

    assert company.pms_detected == ""
    assert chosen == (fact,)


def test_units_are_a_number_and_of_equals_the_larger() -> None:
    facts = [
        seen("units_estimate", "450", confidence=0.9),
        seen("units_estimate", "640", ABOUT, confidence=0.9),
        seen("units_estimate", "9000", CONTACT, confidence=0.45),
        seen("units_estimate", "12", CONTACT, confidence=0.15),
    ]

    assert resolved(*facts).units_estimate == 640
    assert resolved(facts[-1]).units_estimate is None


def test_counts_that_contradict_each_other_leave_the_units_open_and_say_so() -> None:
    facts = [
        seen("units_estimate", "450", confidence=0.9),
        seen("units_estimate", "1200", ABOUT, confidence=0.9),
    ]

    assert resolved(*facts).units_estimate is None
    assert absences(*facts)["units_estimate"] == Absence(
        "units_estimate",
        "conflicting",
        "equally good pages give other numbers (pages): 450 (1), 1200 (1)",
    )
    assert resolved(*facts, seen("units_estimate", "450", CONTACT)).units_estimate == 450


def test_two_kinds_of_managed_property_that_are_near_make_a_mixed_firm() -> None:
    facts = [
        seen("company_type", "residential", confidence=0.6, quote="homes"),
        seen("company_type", "commercial", confidence=0.55, quote="offices"),
    ]

    company, chosen, _ = resolve(UNKNOWN, facts, reading=Reading(pages=1))

    assert company.company_type == "mixed"
    assert [(fact.value, fact.method, fact.quote) for fact in chosen] == [
        ("mixed", "rule", "homes | offices")
    ]


def test_a_brokerage_beside_management_is_not_mixed() -> None:
    company = resolved(
        seen("company_type", "residential", confidence=0.6),
        seen("company_type", "brokerage", confidence=0.55),
    )

    assert company.company_type == "residential"


def test_a_category_is_filled_only_when_it_is_clear() -> None:
    near = (
        seen("category", "property_management", confidence=0.6),
        seen("category", "real_estate_brokerage", confidence=0.55),
    )
    clear = (*near, seen("category", "property_management", ABOUT, confidence=0.6))

    implied = seen("category", "property_management", rule="software.x.customer", confidence=0.45)

    assert resolved(*near).category == ""
    assert resolved(*near, implied).category == "property_management"
    assert resolved(*clear).category == "property_management"


def test_where_two_categories_are_near_the_front_page_decides() -> None:
    near = [
        seen("category", "commercial_real_estate", HOME, confidence=0.7),
        seen("category", "property_management", HOME, confidence=0.5),
        seen("category", "commercial_real_estate", ABOUT, confidence=0.5),
        seen("category", "property_management", ABOUT, confidence=0.6),
    ]

    assert resolved(*near).category == "commercial_real_estate"
    assert resolved(*near[2:], *near[:2]).category == ""


def test_what_software_implies_counts_only_where_the_pages_say_nothing() -> None:
    rule = "software.appfolio.customer"
    implied = [
        seen("category", "property_management", page, rule=rule, confidence=0.45)
        for page in (HOME, ABOUT, CONTACT)
    ]
    said_once = seen("category", "law_firm", confidence=0.6)

    assert resolved(*implied).category == "property_management"
    assert resolved(*implied, said_once).category == "law_firm"


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
