"""app/pipeline/company_record.py: which software, how many units, what kind of firm."""

from dataclasses import replace

from app.pipeline.company_record import resolve
from app.records.evidence import Absence
from app.records.reading import Reading
from tests.unit.company_facts import (
    ABOUT,
    CONTACT,
    HOME,
    UNKNOWN,
    absences,
    link,
    resolved,
    said,
    seen,
)


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


def test_who_manages_homes_and_associations_is_a_property_manager() -> None:
    both = (
        seen("category", "homeowners_association_management", confidence=0.65),
        seen("category", "property_management", confidence=0.6),
    )

    assert resolved(*both).category == "property_management"
    assert resolved(both[0]).category == "homeowners_association_management"


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
