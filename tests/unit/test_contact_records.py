import random
from dataclasses import replace

import pytest

from app.pipeline.contact_quality import PARTS, is_wanted
from app.pipeline.contact_records import build_contacts
from app.records.company import Company
from app.records.contact import Contact
from app.records.evidence import Absence, Evidence
from app.records.reading import Reading
from tests.factories import NOW
from tests.unit.people_facts import ABOUT, CONTACT, TEAM, fact, named

COMPANY = Company("Maplegate Realty", domain="maplegate.example")
READ = Reading(pages=4)
FIELDS = (
    "full_name", "title", "email", "phone", "linkedin_url", "department", "seniority",
    "quality_score", "personalization_notes",
)  # fmt: skip


def built(
    *facts: list[Evidence], wanted: tuple[str, ...] = (), company: Company = COMPANY
) -> tuple[tuple[Contact, ...], tuple[Evidence, ...], tuple[Absence, ...]]:
    everything = [one for each in facts for one in each]
    return build_contacts(everything, company, titles_wanted=wanted, now=NOW, reading=READ)


def contact(*facts: list[Evidence], wanted: tuple[str, ...] = ()) -> Contact:
    (only,) = built(*facts, wanted=wanted)[0]
    return only


def full() -> list[Evidence]:
    """A person of whom everything is known."""
    return named(
        "Jane Doe",
        title="Broker/Owner",
        email="jane@maplegate.example",
        phone="+15125550101",
        linkedin_url="https://www.linkedin.com/in/jane-doe",
        bio="Jane came to the town by train. She likes rivers.",
    )


def test_a_contact_is_what_the_pages_say() -> None:
    jane = contact(full())

    assert (jane.key, jane.full_name, jane.title) == ("jane-doe", "Jane Doe", "Broker/Owner")
    assert (jane.email, jane.email_status) == ("jane@maplegate.example", "published")
    assert (jane.phone, jane.department, jane.seniority) == ("+15125550101", "executive", "owner")
    assert jane.linkedin_url == "https://www.linkedin.com/in/jane-doe"


def test_every_value_has_evidence_under_the_contact_s_key() -> None:
    contacts, evidence, _ = built(full(), named("Richard Roe"))

    proofs = {(one.subject, one.field, one.value) for one in evidence}
    for each in contacts:
        for field in FIELDS:
            if value := getattr(each, field):
                assert (each.key, field, str(value)) in proofs
    assert {one.field for one in evidence} <= set(FIELDS)


def test_what_rules_say_is_evidence_with_their_ids() -> None:
    _, evidence, _ = built(full())

    ruled = {one.field: one for one in evidence if one.method == "rule"}
    assert ruled["department"].rule == "title.department.executive"
    assert ruled["seniority"].rule == "title.seniority.owner"
    assert ruled["quality_score"].rule == "contact.quality"
    assert "title 20" in ruled["quality_score"].quote
    assert ruled["quality_score"].seen_at == NOW


def test_the_score_is_the_sum_of_its_parts() -> None:
    jane = contact(full(), named("Jane Doe", ABOUT), wanted=("owner",))

    assert jane.quality_score == sum(jane.quality_parts.values()) == 100
    assert jane.quality_parts == dict(PARTS)


def test_a_name_alone_scores_nothing() -> None:
    roe = contact(named("Richard Roe"))

    assert (roe.quality_score, roe.quality_parts) == (0, {})


def test_contacts_come_best_first_then_by_name() -> None:
    contacts, _, _ = built(
        named("Zoe Doe", title="Agent"), named("Ann Berg", title="Agent"), full(), named("Bob Roe")
    )

    assert [each.full_name for each in contacts] == ["Jane Doe", "Ann Berg", "Zoe Doe", "Bob Roe"]


def test_the_surest_title_is_taken_and_pages_that_agree_make_it_surer() -> None:
    facts = [
        *named("Jane Doe"),
        fact("Jane Doe", "title", "Realtor", confidence=0.9),
        fact("Jane Doe", "title", "Managing Broker", ABOUT, confidence=0.88),
        fact("Jane Doe", "title", "managing broker", CONTACT, confidence=0.88),
    ]

    assert contact(facts).title == "Managing Broker"


def test_an_inferred_address_is_labelled() -> None:
    contacts, evidence, _ = built(
        named("Jane Doe", email="jane@maplegate.example"),
        named("Lou Falk", email="lou@maplegate.example"),
        named("Ann Berg"),
    )

    ann = next(each for each in contacts if each.key == "ann-berg")
    proof = next(one for one in evidence if one.subject == "ann-berg" and one.field == "email")
    assert (ann.email, ann.email_status) == ("ann@maplegate.example", "inferred")
    assert proof.method == "inferred"
    assert ann.personalization_notes.endswith("E-mail inferred, not published.")
    assert ann.quality_parts["email"] < PARTS["email"]
    assert ann.personalization_notes.endswith("E-mail inferred, not published.")


@pytest.mark.parametrize(
    ("field", "value"),
    [("linkedin_url", "https://www.linkedin.com/in/somebody"), ("phone", "+15125550101")],
)
def test_a_profile_or_number_of_two_people_is_nobody_s(field: str, value: str) -> None:
    contacts, _, _ = built(
        named("Jane Doe", TEAM, **{field: value}), named("Ann Berg", ABOUT, **{field: value})
    )
    assert [getattr(each, field) for each in contacts] == ["", ""]


def test_why_a_value_is_missing_is_said() -> None:
    _, _, absences = built(
        named("Jane Doe", email="homes4u@maplegate.example"),
        named("Ann Berg", email="homes4u@maplegate.example", title="Agent"),
    )

    kinds = {(absence.subject, absence.field): absence.kind for absence in absences}
    assert kinds["jane-doe", "email"] == "conflicting"
    assert kinds["jane-doe", "title"] == "not_found"
    assert ("ann-berg", "title") not in kinds


def test_a_site_that_names_nobody_says_so() -> None:
    contacts, evidence, absences = built([fact("", "email", "info@maplegate.example")])

    assert (contacts, evidence) == ((), ())
    assert [(one.field, one.kind, one.subject) for one in absences] == [
        ("full_name", "not_found", "")
    ]


def test_notes_quote_the_biography() -> None:
    jane = contact(full())

    assert jane.personalization_notes == (
        "Broker/Owner at Maplegate Realty. The site says: “Jane came to the town by train.”"
    )


def test_notes_without_a_biography_state_a_fact_about_the_company() -> None:
    company = replace(COMPANY, units_estimate=1450)

    (jane,) = built(named("Jane Doe", title="Owner"), company=company)[0]

    assert jane.personalization_notes == (
        "Owner at Maplegate Realty. Maplegate Realty states 1,450 units."
    )


def test_notes_end_a_sentence_once() -> None:
    company = replace(COMPANY, name="Maplegate Realty, P.C.")

    (jane,) = built(named("Jane Doe", title="Owner"), company=company)[0]

    assert jane.personalization_notes == "Owner at Maplegate Realty, P.C."


def test_notes_are_empty_where_nothing_is_known() -> None:
    assert contact(named("Jane Doe")).personalization_notes == ""


@pytest.mark.parametrize(
    ("title", "wanted", "is_it"),
    [
        ("Broker/Owner", "owner", True),
        ("Senior Property Manager", "property manager", True),
        ("Chief Executive Officer", "CEO", True),
        ("Leasing Agent", "property manager", False),
        ("", "owner", False),
    ],
)
def test_a_title_is_one_of_those_asked_for_or_not(title: str, wanted: str, is_it: bool) -> None:
    assert is_wanted(title, (wanted,)) is is_it


def test_the_order_of_the_evidence_changes_nothing() -> None:
    facts = [
        *full(),
        *named("Jane A. Doe", ABOUT, title="Owner"),
        *named("Bob Roe", email="bob@maplegate.example"),
        *named("Robert Roe", CONTACT, title="Agent"),
        *named("Ann Berg", TEAM, title="Agent"),
        fact("", "email", "ann.berg@maplegate.example", CONTACT),
    ]
    first = built(facts)

    for seed in range(20):
        shuffled = random.Random(seed).sample(facts, len(facts))
        assert built(shuffled) == first
