"""What discovery found: companies that are new to a run, duplicates, and what both are known by."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from app.db import suppressions
from app.db.pool import Connection, Database
from app.db.queries import query
from app.db.records import add_facts, row_of
from app.pipeline.outcomes import Duplicate, Found, Records, Replaced
from app.pipeline.same_company import MOST_OF_A_KEY
from app.pipeline.sift import Delivered, Known, place_from
from app.pipeline.suppression import marks_of_company
from app.records.company import Company

_OPEN = {"status": "open", "cause": "", "reason": ""}
_NAMELESS = "suppressed "
_SUPPRESSED = {
    "status": "rejected",
    "cause": "suppressed",
    "reason": "on the suppression list when it was found",
}


async def load_known(database: Database, run_id: UUID, keys: Iterable[int]) -> list[Known]:
    """The companies of a run that have one of these keys, in their order."""
    rows = await database.fetch(query("duplicates.known"), run_id, sorted(set(keys)))
    return [
        Known(
            row["id"],
            place_from(row["facts"]),
            tuple(row["keys"]),
            row["replaced"],
            row["source_ref"],
        )
        for row in rows
        if row["facts"]
    ]


async def load_delivered(database: Database, run_id: UUID, keys: Iterable[int]) -> list[Delivered]:
    """The companies that other runs delivered and that have one of these keys, newest first."""
    rows = await database.fetch(
        query("duplicates.delivered"), run_id, sorted(set(keys)), MOST_OF_A_KEY
    )
    return [
        Delivered(
            row["id"],
            place_from(row["facts"]),
            tuple(row["keys"]),
            row["run_id"],
            row["delivered_at"],
        )
        for row in rows
        if row["facts"]
    ]


async def add_found(
    connection: Connection, run_id: UUID, stage: str, records: Records
) -> list[int]:
    """Store the companies that were found and the duplicates; the ids of the new companies, in
    order. One that the run has already is left as it is.

    One that is out at once, by its cause or because it is on the suppression list, is stored as
    rejected, and its id is not given.
    """
    found, standings = await _suppressed(connection, records.found)
    counted = await _counted(connection, run_id, found)
    rows = [
        row_of(replace(each.company, ordinal=n, id=0)) | standing
        for n, (each, standing) in enumerate(zip(found, standings, strict=True), 1)
        if not (_is_nameless(each) and each.company.name in counted)
    ]
    stored = await connection.fetch(query("records.add_companies"), run_id, stage, rows)
    ids = {-row["n"]: row["id"] for row in stored}
    new = [(ids[-n], each) for n, each in enumerate(found, 1) if -n in ids]
    await add_facts(connection, stage, [(id_, Records(evidence=e.evidence)) for id_, e in new])
    pairs = [(key, company_id) for company_id, each in new for key in each.keys]
    if pairs:
        keys, company_ids = map(list, zip(*pairs, strict=True))
        await connection.execute(query("duplicates.add_keys"), run_id, keys, company_ids)
    duplicates = [each for each in records.duplicates if each.kept > 0 or each.kept in ids]
    replaced = [each for each in records.replaced if each.kept > 0 or each.kept in ids]
    await _add_duplicates(connection, run_id, stage, duplicates, ids)
    await _add_replaced(connection, run_id, stage, replaced, ids)
    return sorted(row["id"] for row in stored if row["status"] == "open")


async def _counted(connection: Connection, run_id: UUID, found: Sequence[Found]) -> set[str]:
    """Which of the forgotten companies the run counts already: without a name nothing else tells
    that a row is read once more."""
    names = [each.company.name for each in found if _is_nameless(each)]
    if not names:
        return set()
    rows = await connection.fetch(query("duplicates.nameless"), run_id, names)
    return {row["name"] for row in rows}


async def _add_duplicates(
    connection: Connection,
    run_id: UUID,
    stage: str,
    duplicates: Sequence[Duplicate],
    ids: Mapping[int, int],
) -> None:
    """What a duplicate says is further evidence, unless it is on the suppression list."""
    if not duplicates:
        return
    rows, standings = await _suppressed(connection, [each.row for each in duplicates])
    facts, stored = [], []
    for each, row, standing in zip(duplicates, rows, standings, strict=True):
        company_id = ids.get(each.kept, each.kept)
        company = row_of(row.company)
        columns = {name: company[name] for name in ("name", "discovery_source", "source_ref")}
        stored.append(columns | _verdict(each) | {"company_id": company_id})
        if standing is not _SUPPRESSED:
            facts.append((company_id, columns["source_ref"], Records(evidence=row.evidence)))
    added = await connection.fetch(query("duplicates.add"), run_id, stored)
    new = {(row["company_id"], row["source_ref"]) for row in added}
    learned = [(company_id, said) for company_id, ref, said in facts if (company_id, ref) in new]
    await add_facts(connection, stage, learned)


async def _add_replaced(
    connection: Connection,
    run_id: UUID,
    stage: str,
    replaced: Sequence[Replaced],
    ids: Mapping[int, int],
) -> None:
    if not replaced:
        return
    rows = [
        _verdict(each)
        | {
            "company_id": ids.get(each.kept, each.kept),
            "discarded_id": ids.get(each.company, each.company),
        }
        for each in replaced
    ]
    await connection.execute(query("duplicates.add_replaced"), run_id, stage, rows)


def _verdict(each: Duplicate | Replaced) -> dict[str, Any]:
    return {"rule": each.rule, "reasons": each.reasons, "score": each.score}


async def _suppressed(
    connection: Connection, found: Sequence[Found]
) -> tuple[Sequence[Found], list[dict[str, str]]]:
    """Where each company stands by the suppression list; one that was forgotten has no name."""
    lookup = await suppressions.open_list(connection)
    if not lookup.kinds:
        return found, [_standing(each) for each in found]
    marks = [tuple(marks_of_company(each.company, lookup.kinds)) for each in found]
    hits = await suppressions.find(connection, lookup, (mark for group in marks for mark in group))
    kept, standings = [], []
    for each, group in zip(found, marks, strict=True):
        hit = next((hits[mark] for mark in group if mark in hits), None)
        if hit and hit.erased:
            source = each.company.discovery_source
            name = f"{_NAMELESS}{hit.digest.hex()[:12]}"
            each = Found(Company(name, discovery_source=source, source_ref=name))
        kept.append(each)
        standings.append(_SUPPRESSED if hit else _standing(each))
    return kept, standings


def _is_nameless(each: Found) -> bool:
    return each.company.source_ref.startswith(_NAMELESS)


def _standing(each: Found) -> dict[str, str]:
    if not each.cause:
        return _OPEN
    return {"status": "rejected", "cause": each.cause, "reason": each.reason}
