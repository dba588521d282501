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
