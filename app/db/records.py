"""Write what items learned, set-based: a few statements for a whole group of settlements."""

import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from app.db.forgotten import without_forgotten
from app.db.pool import Connection
from app.db.queries import query
from app.pipeline.outcomes import Records
from app.records.company import Company
from app.records.contact import Contact
from app.records.evidence import Evidence
from app.records.page import Page
from app.records.reading import Missed, Reading

_NUL = "\x00"


class Standing(NamedTuple):
    """Where a company stands after a stage, and what the stage learned of it."""

    company_id: int
    status: str
    cause: str
    reason: str
    company: Company | None


async def stand(connection: Connection, stage: str, standings: Sequence[Standing]) -> None:
    """Where companies stand after a stage, and what it learned of them: one write for each."""
    learned = [
        row_of(each.company) | {"id": each.company_id} | _standing(each)
        for each in standings
        if each.company
    ]
    if learned:
        await connection.execute(query("records.update_companies"), stage, learned)
    moved = [each[:4] for each in standings if not each.company]
    if moved:
        ids, statuses, causes, reasons = map(list, zip(*moved, strict=True))
        await connection.execute(
            query("records.move_companies"), ids, stage, statuses, causes, reasons
        )


async def write(
    connection: Connection, stage: str, learned: Sequence[tuple[int, Records]], *, again: bool
) -> None:
    """Store people, pages and facts of companies: (company id, records). `again`: some of them
    were tried before, so what the stage stated then is replaced."""
    learned = await without_forgotten(connection, learned)
    if again:
        await connection.execute(query("records.clear_facts"), [each[0] for each in learned], stage)
    await _add_contacts(connection, [(i, r.contacts) for i, r in learned if r.contacts is not None])
    await _add_pages(connection, [(i, r.pages) for i, r in learned if r.pages is not None])
    await _add_readings(connection, [(i, r.reading) for i, r in learned if r.reading])
    await add_facts(connection, stage, learned)
    await _add_judgements(connection, learned)


async def load_pages(connection: Any, company_id: int) -> tuple[Page, ...]:
    """The stored pages of a company; `connection` is a connection or a Database."""
    rows = await connection.fetch(query("records.pages_of"), company_id)
    return tuple(Page(**{**row, "body": zlib.decompress(row["body"])}) for row in rows)


async def load_reading(connection: Any, company_id: int) -> Reading:
    """How far the site of a company was read; an empty one where it was not."""
    row = await connection.fetchrow(query("records.reading_of"), company_id)
    return Reading() if row is None else _reading(row)


async def load_recent_reading(
    connection: Any, website: str, most_pages: int, max_age: float
) -> tuple[int, Reading] | None:
    """The newest whole reading of a site from the network with this cap, no older than `max_age`
    seconds, and the company whose pages are its pages."""
    row = await connection.fetchrow(query("records.recent_reading"), website, most_pages, max_age)
    if row is None:
        return None
    values = dict(row)
    return values.pop("company_id"), _reading(values)


def _reading(row: Any) -> Reading:
    values = {**row, "missed": tuple(Missed(**each) for each in row["missed"])}
    return Reading(**values)


async def load_evidence(
    connection: Any, company_id: int, subject: str = ""
) -> tuple[Evidence, ...]:
    """The evidence of a company itself, or of one of its people."""
    rows = await connection.fetch(query("records.evidence_of"), company_id, subject)
    return tuple(Evidence(**row) for row in rows)


async def _add_contacts(
    connection: Connection, given: Sequence[tuple[int, tuple[Contact, ...] | None]]
) -> None:
    if not given:
        return
    await connection.execute(
        query("records.clear_contacts"), [company_id for company_id, _ in given]
    )
    rows = [
        row_of(contact) | {"company_id": company_id, "position": position}
        for company_id, contacts in given
        for position, contact in enumerate(contacts or (), 1)
    ]
    if rows:
        await connection.execute(query("records.add_contacts"), rows)


async def _add_pages(
    connection: Connection, given: Sequence[tuple[int, tuple[Page, ...] | None]]
) -> None:
    if not given:
        return
    await connection.execute(query("records.clear_pages"), [company_id for company_id, _ in given])
    rows = [
        (company_id, position, page.url, page.status, page.content_type, page.charset,
         page.truncated, page.fetched_at, zlib.compress(page.body, 1))
        for company_id, pages in given
        for position, page in enumerate(pages or (), 1)
    ]  # fmt: skip
    if rows:
        await connection.execute(query("records.add_pages"), *map(list, zip(*rows, strict=True)))


async def _add_readings(
    connection: Connection, given: Sequence[tuple[int, Reading | None]]
) -> None:
    rows = [
        row_of(reading)
        | {"company_id": company_id, "missed": [row_of(each) for each in reading.missed]}
        for company_id, reading in given
        if reading
    ]
    if rows:
        await connection.execute(query("records.add_readings"), rows)


async def add_facts(
    connection: Connection, stage: str, learned: Iterable[tuple[int, Records]]
) -> None:
    """Store evidence and absences of companies: (company id, records)."""
    evidence, absences = [], []
    for company_id, records in learned:
        evidence += [row_of(e) | {"company_id": company_id} for e in records.evidence]
        absences += [row_of(a) | {"company_id": company_id} for a in records.absences]
    if evidence:
        await connection.execute(query("records.add_evidence"), stage, evidence)
    if absences:
        await connection.execute(query("records.add_absences"), stage, absences)


async def _add_judgements(connection: Connection, learned: Iterable[tuple[int, Records]]) -> None:
    rows = [
        {
            "company_id": company_id,
            "subject": each.subject,
            "verdict": each.verdict,
            "reasons": [row_of(reason) for reason in each.reasons],
            "email_verdict": each.email_verdict,
        }
        for company_id, records in learned
        for each in records.judgements
    ]
    if about_companies := [row for row in rows if not row["subject"]]:
        await connection.execute(query("checks.judge_companies"), about_companies)
    if about_people := [row for row in rows if row["subject"]]:
        await connection.execute(query("checks.judge_contacts"), about_people)


def row_of(record: Any) -> dict[str, Any]:
    """A record as JSON holds it. Postgres text cannot hold NUL: it is dropped here, at the edge."""
    names, values = _columns(record.__class__)
    return {
        name: (value if value.isascii() and _NUL not in value else _clean(value))
        if type(value) is str
        else _plain(value)
        for name, value in zip(names, values(record), strict=True)
    }


@cache
def _columns(kind: type) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    """The fields of a record, and what reads all of them at once: most of storing is this."""
    names = tuple(field.name for field in fields(kind))
    return names, attrgetter(*names)


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return _clean(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _standing(each: Standing) -> dict[str, str]:
    return {"status": each.status, "cause": each.cause, "reason": _clean(each.reason)}


def _clean(text: str) -> str:
    """`text` as UTF-8 can hold it, without NUL."""
    if text.isascii() and _NUL not in text:
        return text
    return text.replace(_NUL, "").encode("utf-8", "replace").decode()
