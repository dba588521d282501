-- name: standing(run_id, stage, stuck, limit)
-- Where each company of a run stands: the stage that is open for it, else the one that settled it
-- last. `stuck`: only what has been open, without a new attempt, for so many seconds.
WITH standing AS (
    SELECT c.id, c.ordinal, c.name, c.domain, c.status, i.id AS item_id, i.attempt,
           coalesce(i.state, 'settled') AS item, coalesce(i.stage, c.current_stage) AS stage,
           coalesce(i.cause, c.cause) AS cause, coalesce(i.reason, c.reason) AS reason,
           least(i.started_at, i.available_at) AS since
    FROM companies c
    LEFT JOIN items i ON i.company_id = c.id AND i.state IN ('ready', 'leased')
    WHERE c.run_id = $1
), chosen AS (
    SELECT *, count(*) OVER () AS total FROM standing
    WHERE ($2::text IS NULL OR stage = $2)
      AND ($3::float8 IS NULL OR since < now() - make_interval(secs => $3))
    ORDER BY since NULLS LAST, ordinal LIMIT $4
), settled AS (
    SELECT i.company_id, l.stage, max(l.completed_at) AS at
    FROM stage_log l JOIN items i ON i.id = l.item_id
    WHERE l.run_id = $1 AND i.company_id IN (SELECT id FROM chosen WHERE since IS NULL)
    GROUP BY i.company_id, l.stage
)
SELECT c.ordinal, c.name, c.domain, c.stage, c.status, c.item, c.attempt, c.cause, c.reason,
       coalesce(c.since, s.at) AS since, c.total
FROM chosen c LEFT JOIN settled s ON s.company_id = c.id AND s.stage = c.stage
ORDER BY coalesce(c.since, s.at) NULLS LAST, c.ordinal;
