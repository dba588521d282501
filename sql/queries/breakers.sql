-- name: alone(key)
-- Whether nobody else moves the breakers until this transaction ends.
SELECT pg_try_advisory_xact_lock($1);

-- name: sick(window, failures)
-- Running stages of active runs where so many of the last attempts failed for one cause; what was
-- not tried because its site rests says nothing of the stage. Looks at a stage only when it has so
-- many failures at all.
SELECT s.run_id, s.stage, worst.cause, worst.failed
FROM stages s JOIN runs r ON r.id = s.run_id
LEFT JOIN breakers b ON b.run_id = s.run_id AND b.stage = s.stage
CROSS JOIN LATERAL (
    SELECT FROM stage_log l
    WHERE l.run_id = s.run_id AND l.stage = s.stage AND l.status IN ('retried', 'failed')
      AND l.id > coalesce(b.after_log, 0)
    ORDER BY l.id DESC OFFSET $2::integer - 1 LIMIT 1) AS enough
CROSS JOIN LATERAL (
    SELECT w.cause, count(*) AS failed FROM (
        SELECT l.status, l.cause FROM stage_log l
        WHERE l.run_id = s.run_id AND l.stage = s.stage AND l.id > coalesce(b.after_log, 0)
          AND l.status NOT IN ('lost', 'returned', 'snoozed') AND l.cause IS DISTINCT FROM 'site_rests'
        ORDER BY l.id DESC LIMIT $1::integer) AS w
    WHERE w.status IN ('retried', 'failed')
    GROUP BY w.cause HAVING count(*) >= $2 ORDER BY count(*) DESC LIMIT 1) AS worst
WHERE r.status = 'active' AND s.status = 'running' AND coalesce(b.state, 'closed') = 'closed';

-- name: waiting()
-- Breakers of active runs that are not closed: an item to probe with when it is time, and what the
-- probe told (it passes unless it fails for the same cause).
SELECT b.run_id, b.stage, b.state, b.cause, b.failing,
       CASE WHEN b.state = 'open' AND b.due_at <= now() THEN (
           SELECT i.id FROM items i
           WHERE i.run_id = b.run_id AND i.stage = b.stage AND i.state = 'ready'
             AND i.available_at <= now() ORDER BY i.attempt, i.id LIMIT 1) END AS candidate,
       (SELECT l.status NOT IN ('retried', 'failed') OR l.cause IS DISTINCT FROM b.cause
        FROM stage_log l
        WHERE l.run_id = b.run_id AND l.stage = b.stage AND l.item_id = b.probe_item
          AND l.id > b.after_log AND l.status NOT IN ('lost', 'returned', 'snoozed')
        ORDER BY l.id LIMIT 1) AS passed,
       EXISTS (SELECT FROM items i
               WHERE i.id = b.probe_item AND i.state IN ('ready', 'leased')) AS at_work
FROM breakers b JOIN runs r ON r.id = b.run_id
WHERE r.status = 'active' AND b.state IN ('open', 'probing');

-- name: set(run_id, stage, state, cause, failing, wait, probe_item)
-- Where a breaker stands; what was logged before does not count any more.
INSERT INTO breakers (run_id, stage, state, cause, failing, due_at, probe_item, after_log)
VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6), $7,
        (SELECT coalesce(max(id), 0) FROM stage_log))
ON CONFLICT (run_id, stage) DO UPDATE
SET state = excluded.state, cause = excluded.cause, failing = excluded.failing,
    due_at = excluded.due_at, probe_item = excluded.probe_item, after_log = excluded.after_log;

-- name: released(run_id, stage)
-- What a stage that goes on may do at once.
SELECT id FROM items
WHERE run_id = $1 AND stage = $2 AND state = 'ready' AND available_at <= now() ORDER BY id;
