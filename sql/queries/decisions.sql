-- name: add(run_id, who, what, stage, reason, data)
-- What somebody decided about a run, or was asked.
INSERT INTO decisions (run_id, who, what, stage, reason, data) VALUES ($1, $2, $3, $4, $5, $6);

-- name: list(run_id)
-- The questions and decisions of a run, oldest first.
SELECT at, who, what, stage, reason, data FROM decisions WHERE run_id = $1 ORDER BY id;

-- name: asking_stage(run_id)
-- The stage whose question is not answered yet.
SELECT stage FROM (
    SELECT what, stage FROM decisions WHERE run_id = $1 ORDER BY id DESC LIMIT 1
) AS last WHERE what = 'asked';
