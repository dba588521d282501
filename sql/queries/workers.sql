-- name: enter(id, host, pid, version, stages, concurrency)
-- Say whose heartbeat it is.
INSERT INTO workers (id, host, pid, version, stages, concurrency) VALUES ($1, $2, $3, $4, $5, $6);

-- name: beat(id, running, draining, job_id, gap)
-- The worker lives, and with it the pulse of all; more than `gap` seconds between two beats part it.
-- No row: it is not registered, or was silent for so long that it was struck out.
-- A job that is `doing` in its name and not in its hands was sent in a reply that never came.
WITH beat AS (
    UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id = $1 RETURNING id
), strays AS (
    UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL
    WHERE worker_id = $1 AND status = 'doing' AND id <> $4
), together AS (
    UPDATE pulse SET since = CASE WHEN beat_at < now() - make_interval(secs => $5) THEN now()
                                  ELSE since END,
                     beat_at = now()
)
UPDATE workers w SET seen_at = now(), running = $2, draining = $3
FROM beat WHERE w.id = beat.id RETURNING w.id;

-- name: leave(id)
-- The worker ended by itself. What it still held, because no time was left to settle or because it
-- did not know, goes back uncharged.
WITH returned AS (
    UPDATE items SET state = 'ready', attempt = attempt - 1, fence = fence + 1, worker_id = NULL,
           leased_until = NULL, available_at = now()
    WHERE state = 'leased' AND worker_id = $1
    RETURNING id, run_id, stage, attempt + 1 AS attempt, started_at
), logged AS (
    INSERT INTO stage_log (run_id, stage, item_id, attempt, worker_id, started_at, completed_at,
                           status)
    SELECT run_id, stage, id, attempt, $1, started_at, now(), 'returned' FROM returned
)
UPDATE workers SET ended_at = now(), running = 0 WHERE id = $1;

-- name: list()
-- Worker processes that run.
SELECT w.id, w.host, w.pid, w.version, w.stages, w.concurrency, w.running, w.draining,
       w.started_at, w.seen_at, w.ended_at,
       extract(epoch FROM now() - w.seen_at)::float8 AS silent
FROM workers w LEFT JOIN procrastinate_workers p ON p.id = w.id
WHERE p.id IS NOT NULL AND w.ended_at IS NULL
ORDER BY w.id;

-- name: held()
-- What each worker has leased, longest first.
SELECT i.worker_id, i.id, i.run_id, i.stage, i.attempt,
       coalesce(nullif(c.domain, ''), c.name, '') AS company,
       extract(epoch FROM now() - i.started_at)::float8 AS seconds
FROM items i LEFT JOIN companies c ON c.id = i.company_id
WHERE i.state = 'leased' ORDER BY i.worker_id, i.started_at, i.id;

-- name: covered(patience)
-- The stages that live workers serve.
SELECT DISTINCT unnest(w.stages) AS stage
FROM workers w JOIN procrastinate_workers p ON p.id = w.id
WHERE w.ended_at IS NULL AND NOT w.draining
  AND p.last_heartbeat > now() - make_interval(secs => $1);
