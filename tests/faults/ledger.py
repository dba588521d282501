"""What must hold after every fault, asked of the database in its own words."""

from typing import Any
from uuid import UUID

from app.db.pool import Database

CLEAN = {"lost": 0, "doubled": 0, "stuck": 0, "stale": 0}

_CHECKS = """
WITH done AS (
    SELECT item_id, count(*) AS times, max(attempt) AS attempt FROM stage_log
    WHERE status IN ('done', 'skipped', 'review', 'failed') GROUP BY item_id
)
SELECT
    -- items without an end, and companies that did not get through all stages
    (SELECT count(*) FROM items
     WHERE state NOT IN ('done', 'skipped', 'review', 'failed', 'quarantined'))
    + (SELECT count(*) FROM companies WHERE status = 'open')
    + (SELECT count(*) FROM items i WHERE state = 'done'
       AND NOT EXISTS (SELECT FROM done d WHERE d.item_id = i.id)) AS lost,
    -- anything that stands twice under one business key
    (SELECT count(*) FROM (SELECT FROM companies GROUP BY run_id, domain
                           HAVING count(*) > 1) AS d)
    + (SELECT count(*) FROM (SELECT FROM contacts GROUP BY company_id, full_name
                             HAVING count(*) > 1) AS d)
    + (SELECT count(*) FROM (SELECT FROM evidence GROUP BY company_id, stage, subject, field, value
                             HAVING count(*) > 1) AS d)
    + (SELECT count(*) FROM (SELECT FROM pages GROUP BY company_id, url
                             HAVING count(*) > 1) AS d)
    + (SELECT count(*) FROM done WHERE times > 1) AS doubled,
    -- what nobody will move on
    (SELECT count(*) FROM items WHERE state = 'leased')
    + (SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing') AS stuck,
    -- results that are not of the last attempt
    (SELECT count(*) FROM items i JOIN done d ON d.item_id = i.id
     WHERE d.attempt <> i.attempt
        OR coalesce((i.result ->> 'attempt')::int, i.attempt) <> i.attempt) AS stale
"""

_ROWS = """
SELECT 'company' AS kind, c.domain, c.ordinal::text AS a, c.status AS b, c.cause AS c, c.name AS d
FROM companies c WHERE c.run_id = $1
UNION ALL
SELECT 'contact', c.domain, k.key, k.full_name, k.email, k.position::text
FROM contacts k JOIN companies c ON c.id = k.company_id WHERE c.run_id = $1
UNION ALL
SELECT 'evidence', c.domain, e.stage, e.subject, e.field, e.value
FROM evidence e JOIN companies c ON c.id = e.company_id WHERE c.run_id = $1
UNION ALL
SELECT 'page', c.domain, p.url, p.position::text, encode(p.body, 'hex'), ''
FROM pages p JOIN companies c ON c.id = p.company_id WHERE c.run_id = $1
UNION ALL
SELECT 'absence', c.domain, a.stage, a.subject, a.field, a.kind
FROM absences a JOIN companies c ON c.id = a.company_id WHERE c.run_id = $1
ORDER BY 1, 2, 3, 4, 5, 6
"""


async def ledger_of(database: Database) -> dict[str, int]:
    """How much was lost, doubled, stuck or overwritten by a late write: all must be 0."""
    row = await database.fetchrow(_CHECKS)
    return dict(row)


async def rows_of(database: Database, run_id: UUID) -> list[tuple[Any, ...]]:
    """Everything that a run learned, without times and ids: equal to that of any other run."""
    return [tuple(row) for row in await database.fetch(_ROWS, run_id)]
