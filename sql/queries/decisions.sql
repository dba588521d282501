-- name: add(run_id, who, what, stage, reason, data)
-- What somebody decided about a run, or was asked.
INSERT INTO decisions (run_id, who, what, stage, reason, data) VALUES ($1, $2, $3, $4, $5, $6);

-- name: list(run_id)
-- The questions and decisions of a run, oldest first.
SELECT at, who, what, stage, reason, data FROM decisions WHERE run_id = $1 ORDER BY id;

-- name: question(run_id)
-- The question that is not answered yet, and the stage that asks.
SELECT stage, reason FROM (
    SELECT what, stage, reason FROM decisions WHERE run_id = $1 ORDER BY id DESC LIMIT 1
) AS last WHERE what = 'asked';
