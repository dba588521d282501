-- name: add(run_id, actor, what, stage, item_id, data)
-- Append to the audit log and wake whoever watches the run.
WITH added AS (
    INSERT INTO events (run_id, actor, what, stage, item_id, data)
    VALUES ($1, $2, $3, $4, $5, $6)
)
SELECT pg_notify('sluice_runs', $1::uuid::text);

-- name: notify(run_id)
-- Wake whoever watches the run.
SELECT pg_notify('sluice_runs', $1::uuid::text);

-- name: lost_workers(after)
-- Workers that were lost since the event `after`; only the last one's event for NULL. These events
-- are of no run.
SELECT id, (data ->> 'id')::bigint AS worker, data ->> 'host' AS host, data ->> 'pid' AS pid
FROM events
WHERE run_id IS NULL AND what = 'worker_lost' AND ($1::bigint IS NULL OR id > $1)
ORDER BY CASE WHEN $1 IS NULL THEN -id ELSE id END
LIMIT CASE WHEN $1::bigint IS NULL THEN 1 END;
