"""Snapshots: the frozen records that one export is made from."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.db.pool import Database
from app.db.queries import query
from app.records.run import Run

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class StoredSnapshot:
    """A snapshot in the database; its rows are streamed, however many there are."""

    database: Database
    id: int
    run_short_id: str
    created_at: datetime

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


async def freeze(database: Database, run: Run, item_id: int | None) -> StoredSnapshot:
    """Freeze what the run would deliver now. The same item freezes once: a retry finds the rows
    and the moment of the first try, and so writes the same files."""
    request = run.request
    async with database.transaction() as connection:
        row = await connection.fetchrow(query("snapshots.create"), run.id, item_id)
        if not row["frozen"]:
            await connection.execute(
                query("snapshots.freeze_companies"), row["id"], run.id, request.target_quantity
            )
            await connection.execute(
                query("snapshots.freeze_contacts"), row["id"], request.contacts_max
            )
    return StoredSnapshot(database, row["id"], run.short_id, row["created_at"])
