"""Every check says valid, invalid or review, with a cause, and is silent when all is well."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app import registry
from app.checks import Checks, CompanyFacts, ContactFacts, MailAnswer
from app.pipeline.causes import phrase
from app.records.company import Company
from app.records.contact import Contact
from app.records.criteria import Criteria
from tests.factories import NOW

CHECKS = Checks(registry.load_all("app.checks", "CHECK"))
FIRM = Company(
    "Oak & Elm Property Management LLC",
    "oakelm.example",
    "https://oakelm.example",
    "12 Main Street",
    "Austin",
    "TX",
    "78701",
    "US",
    "+15125550100",
    "property_management",
    units_estimate=400,
)
PERSON = Contact(
    "ines-vega", "Ines Vega", "Owner", "ines@oakelm.example", "published", quality_score=60
)
LONG_HOME = "We look after homes in Austin. " * 20
ASKED = Criteria(category="property_management", units_min=10, units_max=1000)


def _company(**given: Any) -> CompanyFacts:
    known = CompanyFacts(FIRM, ASKED, 4, LONG_HOME, names_itself=False)
    names = given.keys() & CompanyFacts.__dataclass_fields__
    facts = {name: given.pop(name) for name in names}
    return replace(known, company=replace(FIRM, **given), **facts)


def _contact(answer: MailAnswer = "accepts", **given: Any) -> ContactFacts:
    async def takes_mail(domain: str) -> MailAnswer:
        return answer

    names = given.keys() & ContactFacts.__dataclass_fields__
    facts = {name: given.pop(name) for name in names}
    return replace(
        ContactFacts(PERSON, FIRM, NOW, takes_mail, NOW),
        contact=replace(PERSON, **given),
        **facts,
    )


TWIN = replace(FIRM, domain="oakelm-austin.example", website="https://oakelm-austin.example")
LONG_AGO = NOW - timedelta(days=800)

COMPANIES: Mapping[str, tuple[CompanyFacts, str, str]] = {
    "all is well": (_company(), "valid", ""),
    "no letters": (_company(name="12 34"), "invalid", "no_name"),
    "a page's title": (
        _company(name="Just a moment...", names_itself=True), "review", "doubtful_name"),
    "no page was read": (_company(pages=0, home=""), "invalid", "unreachable"),
    "a domain for sale": (_company(home="This domain is for sale!"), "invalid", "parked"),
    "another domain": (_company(domain="xqzzt.example"), "review", "another_domain"),
    "a home page that says little": (
        _company(domain="xqzzt.example", home="Welcome."), "valid", "another_domain"),
    "the same number": (_company(name="Firm 7", domain="host7.example"), "valid", ""),
    "the site calls itself so": (_company(domain="xqzzt.example", names_itself=True), "valid", ""),
    "initials": (_company(domain="oepm.example"), "valid", ""),
    "too large": (_company(units_estimate=5000), "invalid", "units_out_of_range"),
    "no such size": (
        _company(units_estimate=9_000_000, criteria=Criteria()), "review", "doubtful_size"),
    "another trade": (_company(category="dentist"), "invalid", "wrong_category"),
    "a source says closed": (_company(disqualifiers=("closed",)), "invalid", "closed"),
    "a page says closed": (_company(home="We are permanently closed."), "review", "seems_closed"),
    "perhaps found before": (_company(earlier=(TWIN,)), "valid", "perhaps_duplicate"),
    "a site from the same template": (
        _company(name="Oak 1", earlier=(replace(TWIN, name="Oak 2", domain="oakelms.example"),)),
        "valid", "perhaps_duplicate"),
    "a namesake elsewhere": (
        _company(earlier=(replace(TWIN, street="9 Elm", city="Reno", state="NV", postcode="89501",
                                  phone="+17755550100"),)), "valid", ""),
}  # fmt: skip

PEOPLE: Mapping[str, tuple[ContactFacts, str, str]] = {
    "all is well": (_contact(), "valid", ""),
    "a placeholder": (
        _contact(full_name="Jane Doe", email="", email_status="none"), "invalid", "no_person"),
    "a placeholder with an address there": (
        _contact(full_name="Jane Doe"), "valid", "no_person"),
    "the firm": (_contact(full_name=FIRM.name), "invalid", "no_person"),
    "a phrase": (_contact(full_name="Read more about us"), "invalid", "no_person"),
    "a name alone": (
        _contact(title="", email="", email_status="none"), "review", "name_alone"),
    "no title but an address": (_contact(title=""), "valid", "no_title"),
    "not an address": (_contact(email="ines@@oakelm.example"), "invalid", "bad_email"),
    "a domain without mail": (_contact("refuses"), "invalid", "takes_no_mail"),
    "nobody to ask": (_contact("not_checked"), "valid", "mail_not_checked"),
    "an office's address": (_contact(email="info@oakelm.example"), "valid", "role_address"),
    "free mail": (_contact(email="ines.vega@gmail.com"), "valid", "free_mail"),
    "inferred free mail": (
        _contact(email="ines.vega@gmail.com", email_status="inferred"), "review", "free_mail"),
    "thrown away": (_contact(email="ines@mailinator.com"), "invalid", "disposable"),
    "a subdomain of such": (_contact(email="ines@x.mailinator.com"), "invalid", "disposable"),
    "seen long ago": (_contact(seen_at=LONG_AGO), "review", "not_fresh"),
    "stored pages of long ago": (_contact(seen_at=LONG_AGO, replayed=True), "valid", "not_fresh"),
    "somebody else's address": (
        _contact(same_address=("Ada Rook",)), "invalid", "duplicate_address"),
}  # fmt: skip


@pytest.mark.parametrize("case", COMPANIES)
async def test_a_company_gets_the_verdict_that_it_deserves(case: str) -> None:
    facts, verdict, cause = COMPANIES[case]

    judgement = await CHECKS.judge(facts)

    assert (judgement.verdict, [each.cause for each in judgement.reasons]) == (
        verdict,
        [cause] if cause else [],
    )


@pytest.mark.parametrize("case", PEOPLE)
async def test_a_person_gets_the_verdict_that_they_deserve(case: str) -> None:
    facts, verdict, cause = PEOPLE[case]

    judgement = await CHECKS.judge(facts, "ines-vega")

    assert (judgement.verdict, [each.cause for each in judgement.reasons]) == (
        verdict,
        [cause] if cause else [],
    )
    assert judgement.subject == "ines-vega"


async def test_every_check_is_tried_here_and_its_objections_have_words() -> None:
    everything: list[CompanyFacts | ContactFacts] = [each[0] for each in COMPANIES.values()]
    everything += [each[0] for each in PEOPLE.values()]
    judged = [await CHECKS.judge(facts) for facts in everything]
    reasons = [reason for each in judged for reason in each.reasons]

    assert {each.check for each in reasons} == set(CHECKS.by_name)
    for facts, verdict, cause in COMPANIES.values():
        if verdict != "valid":
            assert phrase(cause) != cause.replace("_", " "), facts


async def test_the_worst_reason_makes_the_verdict_and_remarks_are_kept() -> None:
    facts = _contact("refuses", title="", seen_at=LONG_AGO)

    judgement = await CHECKS.judge(facts)

    assert judgement.verdict == "invalid"
    assert {each.cause for each in judgement.reasons} == {"takes_no_mail", "no_title", "not_fresh"}
    assert judgement.sentence() == "oakelm.example takes no mail"
