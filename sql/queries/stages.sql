-- name: create(run_id, stages, off)
-- The stages of a run, in order; those that are switched off are skipped from the beginning, those
-- that it has already are kept.
INSERT INTO stages (run_id, stage, position, status)
SELECT $1, stage, position, CASE WHEN stage = ANY ($3::text[]) THEN 'skipped' ELSE 'pending' END
FROM unnest($2::text[]) WITH ORDINALITY AS given (stage, position)
ON CONFLICT (run_id, stage) DO UPDATE SET position = excluded.position;

-- name: overview(run_id)
-- Each stage with whether it has items and whether any of them is open or failed.
SELECT s.stage, s.status, s.started_at, s.completed_at, s.error,
       EXISTS (SELECT FROM items i WHERE i.run_id = s.run_id AND i.stage = s.stage) AS has_items,
       EXISTS (SELECT FROM items i WHERE i.run_id = s.run_id AND i.stage = s.stage
               AND i.state IN ('ready', 'leased')) AS has_open
FROM stages s WHERE s.run_id = $1 ORDER BY s.position;

-- name: start(run_id, stage)
-- pending or needs_rerun -> running.
UPDATE stages SET status = 'running', started_at = now(), completed_at = NULL, error = NULL
WHERE run_id = $1 AND stage = $2 AND status IN ('pending', 'needs_rerun');

-- name: rerun(run_id, stages)
-- complete or failed -> needs_rerun.
UPDATE stages SET status = 'needs_rerun'
WHERE run_id = $1 AND stage = ANY ($2::text[]) AND status IN ('complete', 'failed');

-- name: complete(run_id, stage)
-- running -> complete.
UPDATE stages SET status = 'complete', completed_at = now()
WHERE run_id = $1 AND stage = $2 AND status = 'running';

-- name: fail(run_id, stage, error)
-- running -> failed, with the reason.
UPDATE stages SET status = 'failed', completed_at = now(), error = $3
WHERE run_id = $1 AND stage = $2 AND status = 'running';

-- name: counts(run_id)
-- Each stage with its items by state and its times, for progress.
SELECT s.stage, s.status, s.error,
       extract(epoch FROM coalesce(s.completed_at, now()) - s.started_at)::float8 AS seconds,
       count(i.id) AS total,
       count(*) FILTER (WHERE i.state = 'ready') AS ready,
       count(*) FILTER (WHERE i.state = 'leased') AS running,
       count(*) FILTER (WHERE i.state = 'done') AS done,
       count(*) FILTER (WHERE i.state = 'skipped') AS skipped,
       count(*) FILTER (WHERE i.state = 'review') AS review,
       count(*) FILTER (WHERE i.state IN ('failed', 'quarantined')) AS failed,
       count(*) FILTER (WHERE i.state = 'ready' AND i.attempt > 0) AS retrying
FROM stages s LEFT JOIN items i ON i.run_id = s.run_id AND i.stage = s.stage
WHERE s.run_id = $1 GROUP BY s.run_id, s.stage ORDER BY s.position;
