"""The suppression list: digests alone. Nobody can read it; whoever has a value can ask for it."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.db.pool import Connection, Database
from app.db.queries import query
from app.pipeline.suppression import Mark


@dataclass(frozen=True, slots=True)
class Suppressed:
    """An entry of the list. `erased`: forgotten, so that its name is not stored again either."""

    digest: bytes
    erased: bool
    reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Lookup:
    """The list at one moment: its key, the kinds that it holds, whether any of it was forgotten."""

    key: bytes
    kinds: tuple[str, ...]
    forgets: bool


async def open_list(connection: Any) -> Lookup:
    """The list as it is now; `connection` is a connection or a Database."""
    row = await connection.fetchrow(query("suppressions.state"))
    return Lookup(row["secret"] or b"", tuple(row["kinds"]), row["forgets"])


async def find(connection: Any, lookup: Lookup, marks: Iterable[Mark]) -> dict[Mark, Suppressed]:
    """Which of these marks are on the list."""
    by_digest = {mark.digest(lookup.key): mark for mark in set(marks) if mark.kind in lookup.kinds}
    if not by_digest:
        return {}
    rows = await connection.fetch(query("suppressions.matching"), list(by_digest))
    return {by_digest[row["digest"]]: Suppressed(**row) for row in rows}


async def add(
    connection: Connection, marks: Iterable[Mark], reason: str, *, erased: bool = False
) -> int:
    """Put marks on the list; how many are new. The key is made when there is none."""
    await connection.execute(query("suppressions.offer_secret"), secrets.token_bytes(32))
    key = (await open_list(connection)).key
    unique = list(dict.fromkeys(marks))
    rows = await connection.fetch(
        query("suppressions.add"),
        [mark.digest(key) for mark in unique],
        [mark.kind for mark in unique],
        reason,
        erased,
    )
    return sum(row["is_new"] for row in rows)


async def remove(database: Database, marks: Sequence[Mark]) -> int:
    """Take marks off the list; how many were on it."""
    key = (await open_list(database)).key
    digests = [mark.digest(key) for mark in marks]
    return len(await database.fetch(query("suppressions.remove"), digests))
