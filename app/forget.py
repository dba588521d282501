"""Forget a person (by e-mail address) or a company (by domain): erased in every run, in one
transaction, and suppressed from then on. Doing it again changes nothing.

Known places first: people with their facts, the pages of their companies and every page that shows
the address, frozen rows, log rows. Then whatever text of any table still holds it is overwritten,
so that a table that is added later is covered too. Files on disk are only named.
"""

import asyncio
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.db import suppressions
from app.db.pool import Connection, Database
from app.db.queries import query
from app.errors import InputError
from app.events import add_event
from app.pipeline.suppression import Mark, covering, mark_of

_PAGES = 100
_PATIENCE = 3600.0
"""Seconds for one statement over a whole table."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was erased: rows by place ("contacts": 2). `files` on disk that may list it still."""

    kind: str
    erased: dict[str, int]
    files: tuple[str, ...]


async def forget(database: Database, text: str) -> Forgotten:
    """Erase and suppress. Raises InputError for what is no e-mail address and no domain."""
    mark = mark_of(text)
    if mark.kind == "phone":
        raise InputError(f"{text!r} is a phone number; forget takes an e-mail address or a domain")
    async with database.transaction() as connection:
        forgetting = _Forgetting(connection, mark)
        await forgetting.run()
        await suppressions.add(connection, [mark], "forgotten", erased=True)
        erased = {place: rows for place, rows in sorted(forgetting.erased.items()) if rows}
        await add_event(connection, None, "forgotten", kind=mark.kind, erased=erased)
    return Forgotten(mark.kind, erased, tuple(forgetting.files))


async def forget_again(connection: Connection, run_id: UUID) -> None:
    """Of a run that came from elsewhere: erase whoever was forgotten here."""
    lookup = await suppressions.open_list(connection)
    if not lookup.forgets:
        return
    marks: set[Mark] = set()
    for row in await connection.fetch(query("forget.named_in"), run_id, timeout=_PATIENCE):
        with suppress(InputError):
            marks.update(covering(mark_of(row["value"])))
    hits = await suppressions.find(connection, lookup, marks)
    for mark, hit in hits.items():
        if hit.erased:
            await _Forgetting(connection, mark).run()


@dataclass(frozen=True, slots=True)
class _Spelling:
    """`needle`: plain text that every match holds; `pattern`: the same for Postgres and Python."""

    needle: str
    pattern: str
    replacement: str

    @classmethod
    def of(cls, mark: Mark, written: str) -> "_Spelling":
        local, at, host = written.rpartition("@")
        end = r"(?![a-z0-9-]|\.[a-z0-9])"
        if at:
            start = rf"(?<![a-z0-9._%+-]){_plain(local)}(\+[a-z0-9._-]*)?@"
            return cls(f"@{host}", f"{start}{_plain(host)}{end}", "forgotten@forgotten.invalid")
        start = r"([a-z0-9._%+-]+@)?(?<![a-z0-9-])([a-z0-9-]+\.)*"
        return cls(host, f"{start}{_plain(host)}{end}", "forgotten.invalid")


class _Forgetting:
    """One erasure, inside its transaction."""

    def __init__(self, connection: Connection, mark: Mark) -> None:
        self._connection = connection
        self._mark = mark
        self._spellings = [_Spelling.of(mark, written) for written in _written(mark)]
        self.erased: Counter[str] = Counter()
        self.files: list[str] = []

    async def run(self) -> None:
        """Erase; the transaction is the caller's."""
        await self._connection.execute(query("forget.unlimited"))
        address, _, domain = self._mark.value.rpartition("@")
        address, domain = (self._mark.value, "") if address else ("", domain)
        fetch = self._connection.fetch
        companies = [row["id"] for row in await fetch(query("forget.companies"), domain)]
        people = await fetch(query("forget.people"), address, domain)
        owners = [row["company_id"] for row in people]
        keys = [row["key"] for row in people]
        await self._name_files(companies, owners, keys)
        frozen = query("forget.delete_snapshot_rows")
        await self._delete("snapshot_rows", frozen, companies, owners, keys)
        await self._delete("contacts", query("forget.delete_people"), owners, keys)
        await self._delete("evidence", query("forget.delete_evidence"), owners, keys)
        await self._delete("absences", query("forget.delete_absences"), owners, keys)
        await self._blot_names([row for row in people if row["company_id"] not in companies])
        concerned = [*companies, *owners]
        await self._delete("context_items", query("forget.delete_context"), concerned)
        await self._delete("pages", query("forget.delete_pages_of"), concerned)
        await self._delete("readings", query("forget.delete_readings"), concerned)
        await self._delete("stage_log", query("forget.delete_log"), companies)
        await self._delete("companies", query("forget.delete_companies"), companies)
        await self._delete_pages_that_show_it()
        await self._sweep()

    async def _name_files(
        self, companies: Sequence[int], owners: Sequence[int], keys: Sequence[str]
    ) -> None:
        for each in self._spellings:
            rows = await self._connection.fetch(
                query("forget.files"), companies, owners, keys, each.needle, each.pattern,
                timeout=_PATIENCE,
            )  # fmt: skip
            self.files += [row["path"] for row in rows if row["path"] not in self.files]

    async def _blot_names(self, people: Sequence[Any]) -> None:
        """The words about a company and about colleagues there may name the person."""
        names: dict[int, list[str]] = defaultdict(list)
        for row in people:
            if row["full_name"]:
                names[row["company_id"]].append(_plain(row["full_name"]))
        patterns = [rf"(?<!\w)(?:{'|'.join(each)})(?!\w)" for each in names.values()]
        await self._connection.execute(
            query("forget.blot_names"), list(names), patterns, timeout=_PATIENCE
        )

    async def _sweep(self) -> None:
        """Overwrite what is left in any text of any table."""
        for row in await self._connection.fetch(query("forget.sweep")):
            for each in self._spellings:
                given = (each.needle, each.pattern, each.replacement)
                await self._delete(row["place"], row["statement"], *given)

    async def _delete(self, place: str, statement: str, *values: Any) -> None:
        """Run a statement that deletes or overwrites, and count its rows."""
        done = await self._connection.execute(statement, *values, timeout=_PATIENCE)
        self.erased[place] += int(done.split()[-1])

    async def _delete_pages_that_show_it(self) -> None:
        """Bodies are compressed, so every page is looked into."""
        last = (0, 0)
        while rows := await self._connection.fetch(query("forget.next_pages"), *last, _PAGES):
            last = (rows[-1]["company_id"], rows[-1]["position"])
            hits = await asyncio.to_thread(_showing, rows, self._spellings)
            if hits:
                owners, positions = map(list, zip(*hits, strict=True))
                await self._delete("pages", query("forget.delete_pages"), owners, positions)
                await self._delete("readings", query("forget.delete_readings"), owners)


def _showing(rows: Sequence[Any], spellings: Sequence[_Spelling]) -> list[tuple[int, int]]:
    """The pages that show it. The plain needle is sought first: the pattern is slow."""
    shows = [
        (each.needle.encode(), re.compile(each.pattern.encode(), re.IGNORECASE))
        for each in spellings
    ]
    found = []
    for row in rows:
        body = zlib.decompress(row["body"])
        plain = body.lower()
        if any(needle in plain and pattern.search(body) for needle, pattern in shows):
            found.append((row["company_id"], row["position"]))
    return found


def _written(mark: Mark) -> list[str]:
    """The mark in ASCII, and as it may be written with the letters of its language."""
    local, at, host = mark.value.rpartition("@")
    try:
        letters = host.encode("ascii").decode("idna")
    except UnicodeError:
        letters = host
    return list(dict.fromkeys((mark.value, f"{local}{at}{letters}")))


def _plain(text: str) -> str:
    """`text` as a regular expression that Postgres and Python read alike."""
    return "".join(char if char.isalnum() else f"\\{char}" for char in text)
