"""Context: what is known before a run looks at anything, and what of it concerns one company."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from app.crawl.domains import registrable
from app.db.pool import Connection, Database
from app.db.queries import query
from app.notes import read_notes
from app.records.company import Company
from app.records.context import ContextItem
from app.records.criteria import folded
from app.records.run import Run

TOKENS = 2000
"""What one company gets at most."""
_CHARACTERS = 4
"""Of a token, as a rule of thumb."""
_EARLIER = 2000


@dataclass(frozen=True, slots=True)
class Concerning:
    """An item that concerns a company. `rank`: 2 is about its domain, 1 concerns every company,
    below that how well a note goes with it."""

    kind: str
    name: str
    body: str
    rank: float
    tokens: int


@dataclass(frozen=True, slots=True)
class Library:
    """The context of runs of one database."""

    database: Database

    async def gather(self, run: Run) -> tuple[list[ContextItem], list[str]]:
        """What is known for this run, and in sentences what was left out. Raises OSError where the
        notes cannot be read."""
        items = [_profile(run), await self._suppressions()]
        left_out: list[str] = []
        if run.request.notes_dir:
            notes, left_out = await asyncio.to_thread(read_notes, Path(run.request.notes_dir))
            items += notes
        return [*items, *await self._research(run)], left_out

    async def of_company(
        self, run_id: UUID, company: Company, tokens: int = TOKENS
    ) -> tuple[Concerning, ...]:
        """What concerns this company, best first, within so many tokens."""
        rows = await self.database.fetch(
            query("context.of_company"), run_id, company.domain, _words(company)
        )
        chosen: list[Concerning] = []
        left = tokens
        for row in rows:
            needed = -(-row["size"] // _CHARACTERS)
            if needed <= left:
                left -= needed
                chosen.append(
                    Concerning(row["kind"], row["name"], row["body"], row["rank"], needed)
                )
        return tuple(chosen)

    async def _suppressions(self) -> ContextItem:
        rows = await self.database.fetch(query("context.suppressed"))
        counts = ", ".join(f"{row['count']} {row['kind']}" for row in rows) or "nothing"
        return ContextItem("suppression", "suppression list", f"holds {counts}")

    async def _research(self, run: Run) -> list[ContextItem]:
        rows = await self.database.fetch(
            query("context.earlier_research"), run.id, list(run.request.sources), _EARLIER
        )
        return [
            ContextItem("research", f"run {row['run']} of {row['day']}", _told(row), row["domain"])
            for row in rows
        ]


async def replace_context(
    connection: Connection, run_id: UUID, items: Sequence[ContextItem]
) -> None:
    """Store the context of a run instead of what it had."""
    await connection.execute(query("context.clear"), run_id)
    columns = [(each.kind, each.name, each.domain, each.body) for each in items]
    if columns:
        kinds, names, domains, bodies = map(list, zip(*columns, strict=True))
        await connection.execute(query("context.add"), run_id, kinds, names, domains, bodies)


def _profile(run: Run) -> ContextItem:
    request = run.request
    asked = json.dumps(
        request.criteria.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False
    )
    rules = request.icp_text[:4000] or "Sluice's own rules"
    return ContextItem("icp", request.icp_file or "ICP profile", f"asked: {asked}\nrules: {rules}")


def _told(row: Any) -> str:
    known = {
        "place": ", ".join(filter(None, (row["city"], row["state"]))),
        "software": row["pms_detected"],
        "units": row["units_estimate"],
        "type": row["company_type"],
        "outcome": f"{row['status']} {row['cause']}".strip(),
        "description": row["description"],
    }
    told = "; ".join(f"{name}: {value}" for name, value in known.items() if value)
    return f"{row['name']}; {told}"


def _words(company: Company) -> str:
    """The words of a company as a tsquery: any of them will do."""
    texts = (company.name, company.city, company.pms_detected, company.category, company.domain)
    label = registrable(company.domain).partition(".")[0]
    words = {word for text in (*texts, label) for word in folded(text).split() if len(word) > 2}
    return " | ".join(f"'{word}'" for word in sorted(words)) or "''"
