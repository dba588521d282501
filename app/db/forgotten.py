"""People who were forgotten are not stored again, whatever page names them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.db import suppressions
from app.db.pool import Connection
from app.pipeline.outcomes import Records
from app.pipeline.suppression import Mark, marks_of_person

Learned = Sequence[tuple[int, Records]]


async def without_forgotten(connection: Connection, learned: Learned) -> Learned:
    """The same records without people, and facts, whose address was forgotten."""
    addresses = {address for _, records in learned for address in _addresses(records)}
    if not addresses:
        return learned
    lookup = await suppressions.open_list(connection)
    if not lookup.forgets:
        return learned
    marks = {address: tuple(marks_of_person(address, kinds=())) for address in addresses}
    hits = await suppressions.find(connection, lookup, _all(marks.values()))
    erased = {mark for mark, hit in hits.items() if hit.erased}
    gone = {address for address, group in marks.items() if erased.intersection(group)}
    return [(owner, _without(records, gone)) for owner, records in learned] if gone else learned


def _addresses(records: Records) -> Iterable[str]:
    yield from (each.email for each in records.contacts or () if each.email)
    yield from (fact.value for fact in records.evidence if fact.field == "email")


def _all(groups: Iterable[tuple[Mark, ...]]) -> Iterable[Mark]:
    return (mark for group in groups for mark in group)


def _without(records: Records, gone: set[str]) -> Records:
    keys = {each.key for each in records.contacts or () if each.email in gone}
    keys |= {fact.subject for fact in records.evidence if fact.field == "email"
             and fact.subject and fact.value in gone}  # fmt: skip
    contacts = records.contacts and tuple(k for k in records.contacts if k.key not in keys)
    return replace(
        records,
        contacts=contacts,
        evidence=tuple(
            fact
            for fact in records.evidence
            if fact.subject not in keys and not (fact.field == "email" and fact.value in gone)
        ),
        absences=tuple(each for each in records.absences if each.subject not in keys),
    )
