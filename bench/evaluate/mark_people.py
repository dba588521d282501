"""Marks for the people of a company and for what is given to each of them."""

from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import Final, NamedTuple

from app.records.contact import Contact
from app.records.criteria import folded
from bench.evaluate.compare import (
    same_email,
    same_linkedin,
    same_person,
    same_phone,
    same_title,
)
from bench.evaluate.labels import Person
from bench.evaluate.marks import (
    IN_DOUBT,
    INFERRED,
    ORGANISATION,
    OTHER_PAGE,
    OTHER_PERSON,
    TRAP,
    UNLABELLED,
    Mark,
    Marker,
    Value,
    value_of,
)


class Channel(NamedTuple):
    """A way to reach a person: attribute of Contact, attribute of the label, comparison."""

    held: str
    label: str
    same: Callable[[str, str], bool]


CHANNELS: Final = MappingProxyType(
    {
        "person_email": Channel("email", "email", same_email),
        "person_phone": Channel("phone", "phone", same_phone),
        "person_linkedin": Channel("linkedin_url", "linkedin", same_linkedin),
    }
)


def mark_people(marker: Marker) -> Iterator[Mark]:
    """Marks for names, titles and channels, and for traps."""
    if "people" not in marker.truth.judged:
        return
    left = list(marker.truth.people)
    for contact in marker.findings.contacts:
        person = _labelled(contact.full_name, left)
        if person:
            left.remove(person)
            yield from _found(marker, contact, person)
        else:
            yield from _unknown(marker, contact)
    for person in left:
        yield from _lost(marker, person)
    if "traps" in marker.truth.judged:
        yield from marker.traps("traps", marker.truth.not_contacts, _sprung(marker))


def _labelled(name: str, people: list[Person]) -> Person | None:
    """The labelled person of this name; the very same name goes first."""
    exact = (one for one in people if folded(one.name) == folded(name))
    return next(exact, next((one for one in people if same_person(name, one.name)), None))


def _value(marker: Marker, contact: Contact, field: str) -> Value | None:
    """What a contact holds, with the evidence for it."""
    held: str = getattr(contact, field)
    if not held:
        return None
    facts = marker.findings.person_facts
    own = [one for one in facts if (one.subject, one.field) == (contact.key, field)]
    same = [one for one in own if one.value == held] or own[:1]
    if not same:
        return Value(held)
    value = value_of(same[0])
    return Value(held, value.page, value.rule, value.confidence)


def _found(marker: Marker, contact: Contact, person: Person) -> Iterator[Mark]:
    yield marker.right("people", _value(marker, contact, "full_name") or Value(""), person.name)
    yield from _title(marker, contact, person)
    for field in CHANNELS:
        if field in marker.truth.judged:
            yield from _channel(marker, field, contact, person)


def _title(marker: Marker, contact: Contact, person: Person) -> Iterator[Mark]:
    value = _value(marker, contact, "title")
    if not person.title:
        yield from [marker.open("title", value, "no label")] if value else []
    elif value is None:
        yield marker.missed("title", person.title, person.page, f"of {person.name}")
    elif same_title(value.text, person.title):
        yield marker.right("title", value, person.title)
    else:
        yield marker.wrong("title", value, person.title, f"of {person.name}")


def _channel(marker: Marker, field: str, contact: Contact, person: Person) -> Iterator[Mark]:
    """Whether the right thing was given to a labelled person."""
    held, labelled, same = CHANNELS[field]
    label: str = getattr(person, labelled)
    value = _value(marker, contact, held)
    if value is None:
        yield from [marker.missed(field, label, why=f"of {person.name}")] if label else []
    elif label and same(value.text, label):
        yield marker.right(field, value, label)
    else:
        owner = _owner(marker, field, value.text, person)
        yield _given_wrongly(marker, field, value, person, label, owner)


def _given_wrongly(
    marker: Marker, field: str, value: Value, person: Person, label: str, owner: str
) -> Mark:
    if owner:
        return marker.wrong(field, value, label, owner)
    if label:
        return marker.wrong(field, value, label, f"not that of {person.name}")
    if value.rule.startswith("email.inferred"):
        return marker.open(field, value, INFERRED)
    also_right = (*marker.truth.emails_ok, *marker.truth.phones_ok)
    if any(CHANNELS[field].same(value.text, one) for one in also_right):
        return marker.open(field, value, IN_DOUBT)
    return marker.unlabelled(field, value)


def _owner(marker: Marker, field: str, value: str, person: Person | None) -> str:
    """Whose it is by the labels, if not this person's: one of WRONG_PERSON, or ""."""
    truth = marker.truth
    _, labelled, same = CHANNELS[field]
    others = [getattr(one, labelled) for one in truth.people if one is not person]
    shared = {
        "person_email": truth.emails,
        "person_phone": (*truth.phones, *truth.fax, *truth.fax_ok),
        "person_linkedin": truth.single.get("company_linkedin", ()),
    }[field]
    known = ((OTHER_PERSON, others), (ORGANISATION, shared), (TRAP, truth.not_contacts))
    hits = (why for why, ones in known if any(one and same(value, one) for one in ones))
    return next(hits, "")


def _unknown(marker: Marker, contact: Contact) -> Iterator[Mark]:
    """A contact that no label stands for, and what it took from others."""
    truth = marker.truth
    name = _value(marker, contact, "full_name") or Value(contact.full_name)
    if _is_trap(marker, contact):
        yield marker.wrong("people", name, why=TRAP)
    elif _labelled(contact.full_name, list(truth.people)):
        yield marker.wrong("people", name, why="a duplicate")
    elif any(same_person(contact.full_name, one) for one in truth.people_ok):
        return
    elif not truth.people_complete:
        yield marker.open("people", name, "list of people not complete")
    else:
        yield marker.wrong("people", name, why=_whereabouts(marker, name))
    for field, channel in CHANNELS.items():
        value = _value(marker, contact, channel.held) if field in truth.judged else None
        own = _labelled(contact.full_name, list(truth.people))
        if value and (owner := _owner(marker, field, value.text, own)) == OTHER_PERSON:
            yield marker.wrong(field, value, why=owner)


def _whereabouts(marker: Marker, name: Value) -> str:
    return UNLABELLED if marker.truth.speaks_of(name.page) else f"{UNLABELLED}; {OTHER_PAGE}"


def _is_trap(marker: Marker, contact: Contact) -> bool:
    words = folded(contact.full_name)
    return any(words == folded(one) for one in marker.truth.not_contacts)


def _lost(marker: Marker, person: Person) -> Iterator[Mark]:
    """Marks for a labelled person that was not found, and for the channels lost with it."""
    mark = marker.missed("people", person.name, person.page)
    yield mark
    for field, channel in CHANNELS.items():
        label: str = getattr(person, channel.label)
        if label and field in marker.truth.judged and mark.verdict == "missed":
            yield marker.missed(field, label, why=f"{person.name} was not found")


def _sprung(marker: Marker) -> set[str]:
    """The strings of not_contacts that the records hold as a contact."""
    findings = marker.findings
    names = {folded(one.full_name) for one in findings.contacts}
    reached = {one.value.casefold() for one in findings.facts if one.field in ("email", "phone")}
    reached |= {one.email.casefold() for one in findings.contacts}
    reached |= {one.phone for one in findings.contacts}
    traps = marker.truth.not_contacts
    return {one for one in traps if folded(one) in names or one.casefold() in reached}
