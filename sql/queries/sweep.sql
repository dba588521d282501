-- name: is_steady(seconds, gap)
-- Whether workers have been heard for so long, without a longer gap, by a server that was up all the
-- while. Before, the silence of one of them says nothing.
SELECT since < now() - make_interval(secs => $1) AND beat_at > now() - make_interval(secs => $2)
   AND pg_postmaster_start_time() < now() - make_interval(secs => $1) FROM pulse;

-- name: end_stalled(seconds)
-- Connections whose process prepared a statement and then fell silent, inside a transaction that may
-- hold locks. Postgres itself waits without end for the rest: its timeouts count once it runs or idles.
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND usename = current_user AND application_name LIKE 'sluice%'
  AND state = 'active' AND wait_event = 'ClientRead'
  AND xact_start IS NOT NULL AND query_start < now() - make_interval(secs => $1);

-- name: expire(limit, lease)
-- Leases that ran out: the items go back, each loss counted and logged. A holder that still beats
-- did not know of its lease (the reply to its claim was lost): that is no loss and no attempt.
WITH overdue AS (
    SELECT i.id, i.worker_id, (EXISTS (
        SELECT FROM procrastinate_workers w WHERE w.id = i.worker_id
        AND w.last_heartbeat > now() - make_interval(secs => $2 / 2)))::integer AS alive
    FROM items i WHERE i.state = 'leased' AND i.leased_until < now()
    ORDER BY i.leased_until LIMIT $1 FOR UPDATE SKIP LOCKED
), freed AS (
    UPDATE items i
    SET state = 'ready', lost = i.lost + 1 - o.alive, attempt = i.attempt - o.alive,
        fence = i.fence + 1, worker_id = NULL, leased_until = NULL, available_at = now(),
        cause = 'process_lost',
        reason = 'the worker process ended or stopped answering while it held this item'
    FROM overdue o WHERE i.id = o.id
    RETURNING i.id, i.run_id, i.stage, i.company_id, i.lost, i.attempt + o.alive AS attempt,
              i.started_at, o.worker_id AS holder,
              CASE o.alive WHEN 1 THEN 'returned' ELSE 'lost' END AS status
), logged AS (
    INSERT INTO stage_log (run_id, stage, item_id, attempt, worker_id, started_at, completed_at,
                           status, cause, error)
    SELECT run_id, stage, id, attempt, holder, started_at, now(), status, 'process_lost',
           'lease ran out' FROM freed
)
SELECT id, run_id, stage, company_id, lost FROM freed ORDER BY id;

-- name: deaths(lease)
-- How many workers were lost in the last minute, and for how many seconds all of them worked in it.
SELECT count(*) FILTER (WHERE ended_at > seen_at + make_interval(secs => $1)) AS deaths,
       coalesce(sum(greatest(0, extract(epoch FROM least(ended_at, seen_at)
                             - greatest(started_at, now() - interval '1 minute')))), 0)::float8
           AS seconds
FROM workers WHERE ended_at IS NULL OR ended_at > now() - interval '1 minute';

-- name: pace(run_id, stage)
-- The average seconds of the latest attempts of a stage that were not lost, or none.
SELECT avg(extract(epoch FROM completed_at - started_at))::float8 FROM (
    SELECT started_at, completed_at FROM stage_log
    WHERE run_id = $1 AND stage = $2 AND status <> 'lost' ORDER BY id DESC LIMIT 100) AS latest;

-- name: quarantine(id, reason)
-- Give up an item that takes its process down.
UPDATE items SET state = 'quarantined', cause = 'quarantined', reason = $2
WHERE id = $1 AND state = 'ready';

-- name: unqueued(patience, limit)
-- Items that have been ready for longer than `patience` seconds and that no live job carries.
SELECT i.id, i.run_id, i.stage, i.lost FROM items i JOIN runs r ON r.id = i.run_id
WHERE i.state = 'ready' AND r.status = 'active' AND i.stage <> ALL (r.held)
  AND NOT EXISTS (
      SELECT FROM breakers b WHERE b.run_id = i.run_id AND b.stage = i.stage
      AND b.state IN ('open', 'probing') AND b.probe_item IS DISTINCT FROM i.id)
  AND i.available_at < now() - make_interval(secs => $1)
  AND NOT EXISTS (
      SELECT FROM procrastinate_jobs j
      CROSS JOIN LATERAL jsonb_array_elements_text(j.args -> 'items') AS carried (id)
      WHERE j.status IN ('todo', 'doing') AND j.queue_name = i.stage AND carried.id::bigint = i.id)
ORDER BY i.id LIMIT $2;

-- name: free_jobs(patience)
-- Jobs left `doing` by a worker that is gone or silent are anybody's again. Items of theirs that
-- were leased already are not claimed a second time.
UPDATE procrastinate_jobs j SET status = 'todo', worker_id = NULL
WHERE j.status = 'doing'
  AND NOT EXISTS (SELECT FROM procrastinate_workers w
                  WHERE w.id = j.worker_id
                    AND w.last_heartbeat > now() - make_interval(secs => $1))
RETURNING j.id;

-- name: lose_workers(patience)
-- Workers whose heartbeat is older than `patience` seconds: mark them ended.
WITH silent AS (
    DELETE FROM procrastinate_workers w
    WHERE w.last_heartbeat < now() - make_interval(secs => $1) RETURNING w.id
)
UPDATE workers SET ended_at = now(), running = 0
WHERE ended_at IS NULL AND (id IN (SELECT id FROM silent)
      OR NOT EXISTS (SELECT FROM procrastinate_workers p WHERE p.id = workers.id))
RETURNING id, host, pid, stages;

-- name: fail_companies(company_ids, cause, reason)
-- Companies whose item was given up stay where they were.
UPDATE companies SET status = 'failed', cause = $2, reason = $3
WHERE id = ANY ($1::bigint[]);

-- name: lead(key, leads)
-- Try to lead the sweep with this connection; the lock ends with it. Who leads already takes no
-- second lock.
SELECT $2 OR pg_try_advisory_lock($1);
