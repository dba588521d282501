-- name: pace(run_id)
-- Seconds that the attempts of each stage took.
SELECT stage, attempts, average, p95, max FROM v_stage_durations WHERE run_id = $1;

-- name: events(run_id, limit)
-- What happened to a run, the newest last.
SELECT at, what, stage, actor, data FROM (
    SELECT id, at, what, stage, actor, data FROM events WHERE run_id = $1
    ORDER BY id DESC LIMIT $2) AS latest
ORDER BY id;
