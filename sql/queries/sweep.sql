-- name: expire(limit)
-- Leases that ran out: the items go back, each loss counted and logged.
WITH lost AS (
    SELECT id, worker_id FROM items WHERE state = 'leased' AND leased_until < now()
    ORDER BY leased_until LIMIT $1 FOR UPDATE SKIP LOCKED
), freed AS (
    UPDATE items i
    SET state = CASE WHEN i.lost + 1 >= 3 THEN 'quarantined' ELSE 'ready' END,
        lost = i.lost + 1, fence = i.fence + 1, worker_id = NULL, leased_until = NULL,
        available_at = now(), cause = 'process_lost',
        reason = 'the worker process ended or stopped answering while it held this item'
    FROM lost WHERE i.id = lost.id
    RETURNING i.id, i.run_id, i.stage, i.company_id, i.state, i.lost, i.attempt, i.started_at,
              lost.worker_id AS holder
), logged AS (
    INSERT INTO stage_log (run_id, stage, item_id, attempt, worker_id, started_at, completed_at,
                           status, cause, error)
    SELECT run_id, stage, id, attempt, holder, started_at, now(), 'lost', 'process_lost',
           'lease ran out' FROM freed
)
SELECT id, run_id, stage, company_id, state, lost FROM freed ORDER BY id;

-- name: unqueued(patience, limit)
-- Items that have been ready for longer than `patience` seconds and that no live job carries.
SELECT i.id, i.run_id, i.stage, i.lost FROM items i JOIN runs r ON r.id = i.run_id
WHERE i.state = 'ready' AND r.status = 'active'
  AND i.available_at < now() - make_interval(secs => $1)
  AND NOT EXISTS (
      SELECT FROM procrastinate_jobs j
      CROSS JOIN LATERAL jsonb_array_elements_text(j.args -> 'items') AS carried (id)
      WHERE j.status IN ('todo', 'doing') AND j.queue_name = i.stage AND carried.id::bigint = i.id)
ORDER BY i.id LIMIT $2;

-- name: close_jobs(patience)
-- Jobs left `doing` by a worker that is gone or silent.
DELETE FROM procrastinate_jobs j
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

-- name: fail_companies(company_ids, stage, cause, reason)
-- Companies whose item was given up.
UPDATE companies SET status = 'failed', current_stage = $2, cause = $3, reason = $4
WHERE id = ANY ($1::bigint[]);

-- name: lead(key)
-- Try to lead the sweep with this connection; the lock ends with it.
SELECT pg_try_advisory_lock($1);
