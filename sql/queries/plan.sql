-- name: known(run_id, wanted)
-- What earlier runs tell of the next one: how many companies were tried and passed, what one cost,
-- and the newest runs of the last thirty days that asked for the same and completed.
WITH latest AS (
    SELECT id FROM runs WHERE status = 'completed' AND id IS DISTINCT FROM $1::uuid
    ORDER BY created_at DESC LIMIT 20
), tried AS (
    SELECT count(*) AS tried, count(*) FILTER (WHERE c.status = 'ready') AS passed
    FROM companies c JOIN latest l ON l.id = c.run_id WHERE c.status <> 'open'
), spent AS (
    SELECT coalesce(sum(s.settled), 0) AS cost FROM costs s JOIN latest l ON l.id = s.run_id
)
SELECT t.tried, t.passed, coalesce(s.cost / nullif(t.tried, 0), 0)::float8 AS company_cost,
       ARRAY(SELECT left(r.id::text, 8) || to_char(r.created_at AT TIME ZONE 'UTC', '" of "YYYY-MM-DD HH24:MI "UTC"')
             FROM runs r WHERE r.status = 'completed' AND r.id IS DISTINCT FROM $1::uuid
             AND r.request @> $2 AND r.request -> 'criteria' = $2 -> 'criteria'
             AND r.created_at > now() - interval '30 days'
             ORDER BY r.created_at DESC LIMIT 3) AS same
FROM tried t, spent s;

-- name: of_run(run_id)
-- The plan of a run with its votes, as the plan stage left it.
SELECT state, reason, result FROM items WHERE run_id = $1 AND stage = 'plan' AND result ? 'plan'
ORDER BY batch DESC LIMIT 1;
