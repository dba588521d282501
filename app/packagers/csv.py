"""CSV: companies_<run8>_<YYYYmmdd_HHMMSS>.csv, contacts_<...>.csv, and manifest_<...>.json with
their rows and hashes: all three or none.

UTF-8 without a byte order mark, RFC 4180 (comma, CRLF, quotes where needed). Without the mark
because every reader but a double click in Excel takes it for a part of the first header; in Excel,
Data > From Text/CSV shows the names right.

With evidence, one `<column>_source` per column follows after all the columns, so that the columns
stand where they stand without it; the last column says when the suppression list was asked.
"""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Sequence
from datetime import UTC
from pathlib import Path

from app.packagers import Artifact, Row, Snapshot
from app.packagers._atomic import Draft, discard, publish, start
from app.packagers._cells import cell
from app.packagers._manifest import KIND, manifest

COMPANY_COLUMNS = (
    "company_name",
    "domain",
    "website",
    "state",
    "pms_detected",
    "units_estimate",
    "company_type",
    "description",
    "discovery_source",
    "icp_fit",
    "icp_tier",
    "icp_confidence",
    "disqualifiers",
    "created_at",
)
CONTACT_COLUMNS = (
    "full_name",
    "title",
    "email",
    "linkedin_url",
    "department",
    "seniority",
    "quality_score",
    "company_name",
    "company_domain",
    "company_website",
    "company_state",
    "personalization_notes",
    "created_at",
)
_CHUNK = 500
"""Rows per trip to a thread: some 10 ms of work."""


async def package(snapshot: Snapshot, folder: Path, *, with_evidence: bool) -> tuple[Artifact, ...]:
    """Write the files into `folder`, which is made if missing; rows are streamed.

    Gives artifacts of the kinds "companies_csv", "contacts_csv" and "manifest". Raises ExportFailed
    naming the path; then nothing new is there, and files that were there before are as they were.
    """
    stamp = f"{snapshot.run_short_id}_{snapshot.created_at.astimezone(UTC):%Y%m%d_%H%M%S}"
    sheets = (
        ("companies", COMPANY_COLUMNS, snapshot.companies()),
        ("contacts", CONTACT_COLUMNS, snapshot.contacts()),
    )
    drafts: list[Draft] = []
    try:
        for kind, columns, rows in sheets:
            path = folder / f"{kind}_{stamp}.csv"
            draft = await asyncio.to_thread(start, f"{kind}_csv", path)
            drafts.append(draft)
            await _write(draft, _with_sources(columns, with_evidence), rows)
        seal = await asyncio.to_thread(start, KIND, folder / f"manifest_{stamp}.json")
        drafts.append(seal)
        seal.write(manifest(snapshot.about, [draft.artifact() for draft in drafts[:-1]]), 0)
        return await _published(drafts)
    finally:
        discard(drafts)


async def _published(drafts: Sequence[Draft]) -> tuple[Artifact, ...]:
    """The renaming is short and is not left half-way by a cancellation."""
    publishing = asyncio.create_task(asyncio.to_thread(publish, drafts))
    try:
        return await asyncio.shield(publishing)
    finally:
        await asyncio.wait([publishing])


def _with_sources(columns: Sequence[str], with_evidence: bool) -> Sequence[str]:
    if not with_evidence:
        return columns
    return [*columns, *(f"{column}_source" for column in columns), "suppression_checked_at"]


async def _write(draft: Draft, columns: Sequence[str], rows: AsyncIterator[Row]) -> None:
    """The header and all rows, a chunk at a time: neither the memory nor the loop is filled."""
    draft.write(_encode([columns]), 0)
    chunk: list[Row] = []
    async for row in rows:
        chunk.append(row)
        if len(chunk) == _CHUNK:
            await asyncio.to_thread(_write_chunk, draft, columns, chunk)
            chunk = []
    await asyncio.to_thread(_write_chunk, draft, columns, chunk)


def _write_chunk(draft: Draft, columns: Sequence[str], rows: Sequence[Row]) -> None:
    cells = [[cell(column, row.get(column)) for column in columns] for row in rows]
    draft.write(_encode(cells), len(rows))


def _encode(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8", errors="replace")


PACKAGER = package
