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

-- name: of_run(run_id, after, limit)
-- Events of a run after an id.
SELECT id, at, actor, what, stage, item_id, data FROM events
WHERE run_id = $1 AND id > $2 ORDER BY id LIMIT $3;
