"""Snapshots: the frozen records that one export is made from."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.db import suppressions
from app.db.pool import Connection, Database
from app.db.queries import query
from app.db.suppressions import Lookup
from app.pipeline.icp_rules import parse_rules
from app.pipeline.suppression import Mark, marks_of_company, marks_of_person
from app.records.company import Company
from app.records.run import Run

_BATCH = 1000
_LISTED = "on the suppression list when the files were written"


@dataclass(frozen=True, slots=True)
class StoredSnapshot:
    """A snapshot in the database; its rows are streamed, however many there are."""

    database: Database
    id: int
    run_short_id: str
    created_at: datetime
    about: Mapping[str, object]

    def companies(self) -> AsyncIterator[Mapping[str, object]]:
        """Company rows in order."""
        return self._rows("companies")

    def contacts(self) -> AsyncIterator[Mapping[str, object]]:
        """Contact rows in order."""
        return self._rows("contacts")

    async def _rows(self, kind: str) -> AsyncIterator[Mapping[str, object]]:
        after = 0
        while True:
            rows = await self.database.fetch(query("snapshots.rows"), self.id, kind, after, _BATCH)
            for row in rows:
                yield row["row"]
            if len(rows) < _BATCH:
                return
            after = rows[-1]["position"]


def _licence(source: Mapping[str, Any], licences: Mapping[str, str]) -> dict[str, str]:
    return {"licence": licences.get(source["discovery_source"], "")}


async def freeze(
    database: Database, run: Run, item_id: int | None, licences: Mapping[str, str] | None = None
) -> StoredSnapshot:
    """Freeze what the run would deliver now, without what is on the suppression list now. The same
    item freezes once: a retry finds the rows and the moment of the first try, and so writes the
    same files, less what was suppressed in between. No two snapshots of a run have the same second,
    so that no two write the same file. `licences`: of the data of each source, by its name."""
    request = run.request
    async with database.transaction() as connection:
        await connection.execute(query("snapshots.lock"), str(run.id))
        row = await connection.fetchrow(query("snapshots.create"), run.id, item_id)
        if not row["frozen"]:
            await connection.execute(query("snapshots.restore"), run.id)
        await _withhold(connection, run)
        if row["frozen"]:
            await connection.execute(query("snapshots.strike"), row["id"])
        else:
            await connection.execute(
                query("snapshots.freeze_companies"), row["id"], run.id, request.target_quantity
            )
            await connection.execute(
                query("snapshots.freeze_contacts"), row["id"], request.contacts_max
            )
        counts = await connection.fetch(query("snapshots.sources"), row["id"])
    about = {
        "run": str(run.id),
        "snapshot": row["id"],
        "created_at": row["created_at"].astimezone(UTC).isoformat(timespec="seconds"),
        "rules_version": request.rules_version,
        "icp_digest": parse_rules(request.icp_text).digest,
        "source_versions": request.source_versions,
        "attribution": [dict(each) | _licence(each, licences or {}) for each in counts],
    }
    return StoredSnapshot(database, row["id"], run.short_id, row["created_at"], about)


async def _withhold(connection: Connection, run: Run) -> None:
    """Reject ready companies that are on the suppression list, withhold people that are, and
    reject companies that have too few people left."""
    lookup = await suppressions.open_list(connection)
    after, some = 0, bool(lookup.kinds)
    while some:
        companies = await connection.fetch(
            query("snapshots.companies_to_check"), run.id, after, _BATCH
        )
        if companies:
            after = companies[-1]["ordinal"]
            await _withhold_some(connection, lookup, companies)
        some = len(companies) == _BATCH
    await connection.execute(query("snapshots.starve"), run.id, run.request.contacts_min)


async def _withhold_some(connection: Connection, lookup: Lookup, companies: Sequence[Any]) -> None:
    people = await connection.fetch(
        query("snapshots.contacts_to_check"), [row["id"] for row in companies]
    )
    marks = {(row["id"], ""): _company_marks(row, lookup) for row in companies}
    marks |= {(row["company_id"], row["key"]): _person_marks(row, lookup) for row in people}
    every = (mark for group in marks.values() for mark in group)
    hits = await suppressions.find(connection, lookup, every)
    listed = [owner for owner, group in marks.items() if any(mark in hits for mark in group)]
    rejected = [company for company, key in listed if not key]
    withheld = [(company, key) for company, key in listed if key]
    if rejected:
        count = len(rejected)
        await connection.execute(
            query("records.move_companies"),
            rejected,
            "export",
            ["rejected"] * count,
            ["suppressed"] * count,
            [_LISTED] * count,
        )
    if withheld:
        ids, keys = map(list, zip(*withheld, strict=True))
        await connection.execute(query("snapshots.withhold_contacts"), ids, keys, _LISTED)


def _company_marks(row: Any, lookup: Lookup) -> tuple[Mark, ...]:
    company = Company("", row["domain"], row["website"], country=row["country"], phone=row["phone"])
    return tuple(marks_of_company(company, lookup.kinds))


def _person_marks(row: Any, lookup: Lookup) -> tuple[Mark, ...]:
    return tuple(marks_of_person(row["email"], row["phone"], row["country"], lookup.kinds))
