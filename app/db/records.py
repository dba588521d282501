"""Write what items learned, set-based: a few statements for a whole group of settlements."""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

from app.db import suppressions
from app.db.pool import Connection
from app.db.queries import query
from app.pipeline.outcomes import Found, Records
from app.pipeline.suppression import marks_of_company
from app.records.company import Company
from app.records.contact import Contact
from app.records.evidence import Evidence
from app.records.page import Page

_NUL = "\x00"
_OPEN = {"status": "open", "cause": "", "reason": ""}
_SUPPRESSED = {
    "status": "rejected",
    "cause": "suppressed",
    "reason": "on the suppression list when it was found",
}


class Standing(NamedTuple):
    """Where a company stands after a stage, and what the stage learned of it."""

    company_id: int
    status: str
    cause: str
    reason: str
    company: Company | None


async def add_found(
    connection: Connection, run_id: UUID, stage: str, found: Sequence[Found]
) -> list[int]:
    """Store companies that the run does not have yet; the ids of the new ones, in order.

    One that is on the suppression list is stored as rejected, and its id is not given.
    """
    found, standings = await _suppressed(connection, found)
    rows = [
        _row(replace(each.company, ordinal=n, id=0)) | standing
        for n, (each, standing) in enumerate(zip(found, standings, strict=True), 1)
    ]
    stored = await connection.fetch(query("records.add_companies"), run_id, stage, rows)
    ids = {_identity(row["name"], row["city"], row["domain"]): row["id"] for row in stored}
    facts = []
    for row, each in zip(rows, found, strict=True):
        new = ids.pop(_identity(row["name"], row["city"], row["domain"]), None)
        if new is not None:
            facts.append((new, Records(evidence=each.evidence)))
    await _add_facts(connection, stage, facts)
    return sorted(row["id"] for row in stored if row["status"] == "open")


async def _suppressed(
    connection: Connection, found: Sequence[Found]
) -> tuple[Sequence[Found], list[dict[str, str]]]:
    """Where each company stands by the suppression list; one that was forgotten has no name."""
    lookup = await suppressions.open_list(connection)
    if not lookup.kinds:
        return found, [_OPEN] * len(found)
    marks = [tuple(marks_of_company(each.company, lookup.kinds)) for each in found]
    hits = await suppressions.find(connection, lookup, (mark for group in marks for mark in group))
    kept, standings = [], []
    for each, group in zip(found, marks, strict=True):
        hit = next((hits[mark] for mark in group if mark in hits), None)
        if hit and hit.erased:
            source = each.company.discovery_source
            nameless = f"suppressed {hit.digest.hex()[:12]}"
            each = Found(Company(nameless, discovery_source=source))
        kept.append(each)
        standings.append(_SUPPRESSED if hit else _OPEN)
    return kept, standings


async def stand(connection: Connection, stage: str, standings: Sequence[Standing]) -> None:
    """Where companies stand after a stage, and what it learned of them: one write for each."""
    learned = [
        _row(each.company) | {"id": each.company_id} | _standing(each)
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
    if again:
        await connection.execute(query("records.clear_facts"), [each[0] for each in learned], stage)
    await _add_contacts(connection, [(i, r.contacts) for i, r in learned if r.contacts is not None])
    await _add_pages(connection, [(i, r.pages) for i, r in learned if r.pages is not None])
    await _add_facts(connection, stage, learned)
    await _add_judgements(connection, learned)


async def load_pages(connection: Any, company_id: int) -> tuple[Page, ...]:
    """The stored pages of a company; `connection` is a connection or a Database."""
    rows = await connection.fetch(query("records.pages_of"), company_id)
    return tuple(Page(**{**row, "body": zlib.decompress(row["body"])}) for row in rows)


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
        _row(contact) | {"company_id": company_id, "position": position}
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


async def _add_facts(
    connection: Connection, stage: str, learned: Iterable[tuple[int, Records]]
) -> None:
    evidence, absences = [], []
    for company_id, records in learned:
        evidence += [_row(e) | {"company_id": company_id} for e in records.evidence]
        absences += [_row(a) | {"company_id": company_id} for a in records.absences]
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
            "reasons": [_row(reason) for reason in each.reasons],
            "email_verdict": each.email_verdict,
        }
        for company_id, records in learned
        for each in records.judgements
    ]
    if about_companies := [row for row in rows if not row["subject"]]:
        await connection.execute(query("checks.judge_companies"), about_companies)
    if about_people := [row for row in rows if row["subject"]]:
        await connection.execute(query("checks.judge_contacts"), about_people)


def _identity(name: str, city: str, domain: str) -> tuple[str, ...]:
    return (domain,) if domain else (name, city)


def _row(record: Any) -> dict[str, Any]:
    """A record as JSON holds it. Postgres text cannot hold NUL: it is dropped here, at the edge."""
    row: dict[str, Any] = {}
    for name in record.__dataclass_fields__:
        value = getattr(record, name)
        if isinstance(value, str):
            value = _clean(value)
        elif hasattr(value, "isoformat"):
            value = value.isoformat()
        row[name] = value
    return row


def _standing(each: Standing) -> dict[str, str]:
    return {"status": each.status, "cause": each.cause, "reason": _clean(each.reason)}


def _clean(text: str) -> str:
    """`text` as UTF-8 can hold it, without NUL."""
    if text.isascii() and _NUL not in text:
        return text
    return text.replace(_NUL, "").encode("utf-8", "replace").decode()
