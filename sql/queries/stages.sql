-- name: create(run_id, stages, skipped)
-- The stages of a new run, in order; those that it goes without are skipped from the beginning.
INSERT INTO stages (run_id, stage, position, status)
SELECT $1, stage, position, CASE WHEN stage = ANY ($3::text[]) THEN 'skipped' ELSE 'pending' END
FROM unnest($2::text[]) WITH ORDINALITY AS given (stage, position);

-- name: overview(run_id)
-- Each stage with whether it has items and whether any of them is open or failed.
SELECT s.stage, s.status, s.started_at, s.completed_at, s.error,
       EXISTS (SELECT FROM items i WHERE i.run_id = s.run_id AND i.stage = s.stage
               AND NOT i.stale) AS has_items,
       EXISTS (SELECT FROM items i WHERE i.run_id = s.run_id AND i.stage = s.stage
               AND i.state IN ('ready', 'leased')) AS has_open
FROM stages s WHERE s.run_id = $1 ORDER BY s.position;

-- name: move(run_id, stages, legal, new, error)
-- Stages that are in one of the `legal` states become `new`. Companies flow on by themselves, so a
-- stage began with the first of its items that was tried since it was last complete, or is at work.
UPDATE stages
SET status = $4,
    started_at = CASE WHEN $4 <> 'running' THEN started_at ELSE least(now(), (
        SELECT min(l.started_at) FROM stage_log l
        WHERE l.run_id = stages.run_id AND l.stage = stages.stage
        AND l.started_at > coalesce(stages.completed_at, '-infinity')), (
        SELECT min(i.started_at) FROM items i
        WHERE i.run_id = stages.run_id AND i.stage = stages.stage AND i.state = 'leased')) END,
    completed_at = CASE WHEN $4 = 'running' THEN NULL WHEN $4 IN ('complete', 'failed') THEN now()
                   ELSE completed_at END,
    error = CASE WHEN $4 = 'failed' THEN $5 WHEN $4 = 'running' THEN NULL ELSE error END
WHERE run_id = $1 AND stage = ANY ($2::text[]) AND status = ANY ($3::text[])
RETURNING stage, position;

-- name: statuses(run_id)
-- The state of each stage.
SELECT stage, status FROM stages WHERE run_id = $1 ORDER BY position;

-- name: counts(run_id)
-- Each stage with its items by state and its times, for progress.
SELECT s.stage, s.status,
       coalesce(s.error, (
           SELECT format('paused itself, fails with %s; %s', b.cause,
               CASE b.state WHEN 'probing' THEN 'a probe is at work' ELSE
               to_char(b.due_at, '"next probe at" HH24:MI:SS "UTC"') END)
           FROM breakers b WHERE b.run_id = s.run_id AND b.stage = s.stage
           AND b.state IN ('open', 'probing'))) AS error,
       extract(epoch FROM coalesce(s.completed_at, r.finished_at, now()) - s.started_at)::float8 AS seconds,
       count(i.id) AS total,
       count(*) FILTER (WHERE i.state = 'ready') AS ready,
       count(*) FILTER (WHERE i.state = 'leased') AS running,
       count(*) FILTER (WHERE i.state = 'done') AS done,
       count(*) FILTER (WHERE i.state = 'skipped') AS skipped,
       count(*) FILTER (WHERE i.state = 'review') AS review,
       count(*) FILTER (WHERE i.state IN ('failed', 'quarantined')) AS failed,
       count(*) FILTER (WHERE i.state = 'ready' AND i.attempt > 0) AS retrying
FROM stages s JOIN runs r ON r.id = s.run_id
LEFT JOIN items i ON i.run_id = s.run_id AND i.stage = s.stage
WHERE s.run_id = $1 GROUP BY s.run_id, s.stage, r.id ORDER BY s.position;
