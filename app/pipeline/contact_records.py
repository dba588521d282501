"""Evidence about people -> contacts. No evidence, no value.

Mentions are merged first (app/pipeline/person_groups.py). A value is the surest one: best
confidence, 0.02 more for every further page that shows it (at most 5). An address or profile that
two people could have is nobody's. Department and seniority follow from the title by stated rules,
the quality score by stated parts; both are evidence with the id of their rule.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.pipeline.absence import not_on_pages
from app.pipeline.contact_notes import notes
from app.pipeline.contact_quality import quality_parts
from app.pipeline.person_addresses import inferred, published
from app.pipeline.person_groups import Person, group_people
from app.pipeline.title_rules import classify_title
from app.records.company import Company
from app.records.contact import Contact
from app.records.evidence import Absence, Evidence
from app.records.person_name import folded_name
from app.records.reading import Reading

PAGE_BONUS, MOST_PAGES = 0.02, 5
MOST_PROOFS = 5

_ABSENT = {
    "title": "what this person does is on none of",
    "email": "an address of this person is on none of",
    "phone": "a number of this person's own is on none of",
    "linkedin_url": "a profile of this person is on none of",
}
_RULED = {
    "department": "the title says no department",
    "seniority": "the title says no seniority",
    "personalization_notes": "nothing beyond the name is known",
}

ContactRecords = tuple[tuple[Contact, ...], tuple[Evidence, ...], tuple[Absence, ...]]


@dataclass(frozen=True, slots=True)
class _Built:
    """A contact with its evidence and absences."""

    contact: Contact
    evidence: tuple[Evidence, ...]
    absences: tuple[Absence, ...]


def build_contacts(
    evidence: Iterable[Evidence],
    company: Company,
    *,
    titles_wanted: Sequence[str] = (),
    now: datetime,
    reading: Reading,
) -> ContactRecords:
    """The contacts of a company, best first, then by name; the evidence for every value they hold;
    and why a value is missing, by how far the site was read.

    `evidence`: facts about people (subject not empty) and about the company, of which only the
    e-mail addresses are read. `titles_wanted`: what the criteria ask for. `now`: when rules were
    applied. The same evidence gives the same result, in whatever order the pages come.
    """
    facts = sorted(evidence, key=_order)
    people = group_people(facts)
    loose = [one for one in facts if not one.subject]
    addresses = published(people, loose, company.domain)
    taken = {one.value.lower() for one in facts if one.field == "email"}
    guessed = inferred(people, addresses, taken, now)
    profiles, phones = _own(people, "linkedin_url"), _own(people, "phone")
    built = [
        _build(
            person,
            addresses.chosen.get(person.key) or tuple(filter(None, [guessed.get(person.key)])),
            _Context(
                company,
                tuple(titles_wanted),
                now,
                person.key in addresses.conflicting,
                profiles[person.key],
                phones[person.key],
                reading,
            ),
        )
        for person in people
    ]
    built.sort(key=lambda one: (-one.contact.quality_score, folded_name(one.contact.full_name)))
    absences = [absence for one in built for absence in one.absences]
    if not built:
        what = "a person of the company is named on none of"
        absences = [not_on_pages("full_name", reading, what=what)]
    return (
        tuple(one.contact for one in built),
        tuple(fact for one in built for fact in one.evidence),
        tuple(absences),
    )


def _order(one: Evidence) -> tuple[str, str, str, float, str, str]:
    return one.subject, one.field, one.value, -one.confidence, one.source_url, one.quote


@dataclass(frozen=True, slots=True)
class _Context:
    company: Company
    titles_wanted: tuple[str, ...]
    now: datetime
    conflicting: bool
    profile: tuple[Evidence, ...]
    phone: tuple[Evidence, ...]
    reading: Reading


def _build(person: Person, email: tuple[Evidence, ...], context: _Context) -> _Built:
    title = _best(person.of("title"))
    phone = context.phone
    said = classify_title(title[0].value) if title else classify_title("")
    status = "none" if not email else "inferred" if email[0].method == "inferred" else "published"
    contact = Contact(
        person.key,
        person.full_name,
        title=title[0].value if title else "",
        email=email[0].value if email else "",
        email_status=status,
        phone=phone[0].value if phone else "",
        linkedin_url=context.profile[0].value if context.profile else "",
        department=said.department,
        seniority=said.seniority,
    )
    name = [one for one in person.of("full_name") if one.value == person.full_name]
    corroborated = person.pages > 1 or any(one.method == "structured" for one in person.evidence)
    parts = quality_parts(contact, context.titles_wanted, corroborated=corroborated)
    text, rest = notes(contact, person.of("bio"), context.company)
    contact = replace(
        contact,
        quality_score=sum(parts.values()),
        quality_parts=parts,
        personalization_notes=text,
    )
    proofs = [*_top(name), *title, *email, *phone, *context.profile]
    proofs += _ruled(contact, title, name[0], rest, person, context.now)
    evidence = tuple(replace(one, subject=person.key) for one in proofs)
    return _Built(contact, evidence, tuple(_absences(contact, context)))


def _ruled(
    contact: Contact,
    title: Sequence[Evidence],
    name: Evidence,
    rest: Sequence[str],
    person: Person,
    now: datetime,
) -> Iterable[Evidence]:
    """What rules say, each with its id: department, seniority, score, notes."""
    said = classify_title(contact.title)
    for field, value, rule in (
        ("department", said.department, said.department_rule),
        ("seniority", said.seniority, said.seniority_rule),
    ):
        if value and title:
            yield replace(
                title[0], field=field, value=value, quote=contact.title, method="rule", rule=rule
            )
    parts = ", ".join(f"{part} {points}" for part, points in contact.quality_parts.items())
    source = title[0] if title else name
    yield Evidence(
        "quality_score",
        str(contact.quality_score),
        source.source_url,
        parts or "no part holds",
        "rule",
        1.0,
        "contact.quality",
        now,
    )
    if contact.personalization_notes:
        bio = person.of("bio")
        shown = bio[0] if "bio" in rest else source
        quote = f"from {', '.join(rest)}: {shown.quote}"[:300]
        yield Evidence(
            "personalization_notes",
            contact.personalization_notes,
            shown.source_url,
            quote,
            "rule",
            shown.confidence,
            f"contact.notes.{'_'.join(rest)}",
            now,
        )


def _best(facts: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """All evidence for the surest value, best first; values that differ in case only are one."""
    groups: dict[str, list[Evidence]] = {}
    for one in facts:
        groups.setdefault(folded_name(one.value) or one.value, []).append(one)
    if not groups:
        return ()
    best = max(groups, key=lambda key: (_score(key, groups), len(key), key))
    return _top(groups[best])


def _score(key: str, groups: Mapping[str, Sequence[Evidence]]) -> float:
    """Of one value: best confidence and a bonus for the pages that show it, also in fewer words
    ("Attorney" speaks for "Managing Attorney")."""
    spelled = set(key.split())
    pages = {
        one.source_url
        for other, group in groups.items()
        if set(other.split()) <= spelled
        for one in group
    }
    further = min(len(pages) - 1, MOST_PAGES)
    return round(max(one.confidence for one in groups[key]) + PAGE_BONUS * further, 4)


def _top(facts: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The surest proofs of one value, one for each page."""
    ranked = sorted(facts, key=lambda one: (-one.confidence, one.source_url, one.value))
    by_page = {one.source_url: one for one in reversed(ranked)}
    kept = sorted(by_page.values(), key=lambda one: (-one.confidence, one.source_url))[:MOST_PROOFS]
    return tuple(replace(one, value=kept[0].value) for one in kept)


def _own(people: Sequence[Person], field: str) -> dict[str, tuple[Evidence, ...]]:
    """Profiles or numbers, without those that stand with two people."""
    owners: dict[str, set[str]] = {}
    for person in people:
        for one in person.of(field):
            owners.setdefault(one.value.lower(), set()).add(person.key)
    return {
        person.key: _best([one for one in person.of(field) if len(owners[one.value.lower()]) == 1])
        for person in people
    }


def _absences(contact: Contact, context: _Context) -> Iterable[Absence]:
    gaps: dict[str, Absence] = {}
    for field, what in _ABSENT.items():
        if not getattr(contact, field):
            gaps[field] = not_on_pages(field, context.reading, contact.key, what)
    if context.conflicting and "email" in gaps:
        detail = "an address that two people could have"
        gaps["email"] = replace(gaps["email"], kind="conflicting", detail=detail)
    for field, detail in _RULED.items():
        if not getattr(contact, field):
            untitled = gaps.get("title") if field in ("department", "seniority") else None
            kind = untitled.kind if untitled else "not_found"
            gaps[field] = Absence(
                field, kind, "no title is known" if untitled else detail, contact.key
            )
    return gaps.values()
