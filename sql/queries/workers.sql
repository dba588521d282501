-- name: enter(id, host, pid, version, stages, concurrency)
-- Say whose heartbeat it is.
INSERT INTO workers (id, host, pid, version, stages, concurrency) VALUES ($1, $2, $3, $4, $5, $6);

-- name: beat(id, running, draining)
-- The worker lives. No row: it was silent for so long that it was struck out.
WITH beat AS (
    UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id = $1 RETURNING id
)
UPDATE workers w SET seen_at = now(), running = $2, draining = $3
FROM beat WHERE w.id = beat.id RETURNING w.id;

-- name: leave(id)
-- The worker ended by itself.
UPDATE workers SET ended_at = now(), running = 0 WHERE id = $1;

-- name: list()
-- Worker processes that run.
SELECT w.id, w.host, w.pid, w.version, w.stages, w.concurrency, w.running, w.draining,
       w.started_at, w.seen_at, w.ended_at,
       extract(epoch FROM now() - w.seen_at)::float8 AS silent
FROM workers w LEFT JOIN procrastinate_workers p ON p.id = w.id
WHERE p.id IS NOT NULL AND w.ended_at IS NULL
ORDER BY w.id;

-- name: covered(patience)
-- The stages that live workers serve.
SELECT DISTINCT unnest(w.stages) AS stage
FROM workers w JOIN procrastinate_workers p ON p.id = w.id
WHERE w.ended_at IS NULL AND NOT w.draining
  AND p.last_heartbeat > now() - make_interval(secs => $1);
