-- name: create_for_run(run_id, stage, batch, input)
-- The item of a stage that works on the whole run.
INSERT INTO items (run_id, stage, batch, input) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING RETURNING id;

-- name: create_for_companies(run_id, stage, company_ids)
-- The items of a stage that works on companies; one that is out of date is ready again.
INSERT INTO items (run_id, stage, company_id)
SELECT $1, $2, id FROM unnest($3::bigint[]) AS given (id)
ON CONFLICT (run_id, stage, company_id, batch) DO UPDATE
SET state = 'ready', stale = false, attempt = 0, lost = 0, available_at = now(),
    cause = NULL, reason = NULL
WHERE items.stale RETURNING id;

-- name: create_due(run_id, stage, before)
-- The same for all open companies that are done with the stage before.
INSERT INTO items (run_id, stage, company_id)
SELECT $1, $2, c.id FROM items i JOIN companies c ON c.id = i.company_id
WHERE i.run_id = $1 AND i.stage = $3 AND i.state = 'done' AND NOT i.stale AND c.status = 'open'
ORDER BY c.id
ON CONFLICT (run_id, stage, company_id, batch) DO UPDATE
SET state = 'ready', stale = false, attempt = 0, lost = 0, available_at = now(),
    cause = NULL, reason = NULL
WHERE items.stale RETURNING id;

-- name: create_for_open(run_id, stage)
-- The same for all open companies, where the stage before works on the whole run.
INSERT INTO items (run_id, stage, company_id)
SELECT $1, $2, c.id FROM companies c
WHERE c.run_id = $1 AND c.status = 'open' ORDER BY c.id
ON CONFLICT (run_id, stage, company_id, batch) DO UPDATE
SET state = 'ready', stale = false, attempt = 0, lost = 0, available_at = now(),
    cause = NULL, reason = NULL
WHERE items.stale RETURNING id;

-- name: claim(ids, worker_id, lease, stage, known, by_hand)
-- Lease what is ready of these in a stage, in runs that go through known stages only; the attempt
-- counts from here, so that a crash counts. A person who runs a stage by hand needs no run that is
-- active.
WITH claimed AS (
    UPDATE items i
    SET state = 'leased', fence = fence + 1, attempt = attempt + 1, worker_id = $2,
        leased_until = now() + make_interval(secs => $3), started_at = clock_timestamp()
    WHERE i.id = ANY ($1::bigint[]) AND i.state = 'ready' AND i.available_at <= now()
      AND i.stage = $4
      AND ($6 OR (
          SELECT r.status = 'active' AND i.stage <> ALL (r.held) AND r.route <@ $5::text[]
          FROM runs r WHERE r.id = i.run_id)
      AND NOT EXISTS (
          SELECT FROM breakers b WHERE b.run_id = i.run_id AND b.stage = i.stage
          AND b.state IN ('open', 'probing') AND b.probe_item IS DISTINCT FROM i.id))
    RETURNING i.id, i.run_id, i.stage, i.company_id, i.batch, i.input, i.attempt, i.lost, i.fence
)
SELECT i.id AS item_id, i.run_id AS run, i.stage, i.batch, i.input, i.attempt, i.lost, i.fence,
       r.revision, c.*
FROM claimed i JOIN runs r ON r.id = i.run_id LEFT JOIN companies c ON c.id = i.company_id;

-- name: foreign(ids, known)
-- Whether any of these waits for a worker that knows more stages.
SELECT EXISTS (SELECT FROM items i JOIN runs r ON r.id = i.run_id
               WHERE i.id = ANY ($1::bigint[]) AND i.state = 'ready' AND r.status = 'active'
                 AND NOT r.route <@ $2::text[]);

-- name: due(run_id)
-- What a run that goes on may do at once. What is due later has a job that waits until then.
SELECT i.id, i.stage FROM items i JOIN runs r ON r.id = i.run_id
WHERE i.run_id = $1 AND i.state = 'ready' AND i.available_at <= now() AND i.stage <> ALL (r.held)
ORDER BY i.id;

-- name: renew(ids, fences, lease)
-- Extend the leases that are still ours; the rest are lost. What is locked is being settled, perhaps
-- by ourselves in a transaction that waits for others: a heartbeat does not wait for that.
WITH ours AS (
    SELECT i.id, i.fence FROM items i JOIN unnest($1::bigint[], $2::bigint[]) AS held (id, fence)
    ON i.id = held.id AND i.fence = held.fence WHERE i.state = 'leased'
), free AS (
    SELECT i.id FROM items i JOIN ours o ON i.id = o.id AND i.fence = o.fence
    WHERE i.state = 'leased' ORDER BY i.id FOR UPDATE OF i SKIP LOCKED
), renewed AS (
    UPDATE items i SET leased_until = now() + make_interval(secs => $3)
    FROM free WHERE i.id = free.id
)
SELECT id FROM ours;

-- name: settle(ids, fences, states, charges, delays, causes, reasons, results, statuses, worker_id)
-- Settle where the fence is still ours, and log each attempt. A late write matches no row.
WITH given AS (
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::integer[], $5::float8[],
                         $6::text[], $7::text[], $8::jsonb[], $9::text[])
        AS given (id, fence, state, charge, delay, cause, reason, result, status)
), settled AS (
    UPDATE items i
    SET state = g.state, attempt = i.attempt - 1 + g.charge, worker_id = NULL, leased_until = NULL,
        available_at = CASE WHEN g.delay > 0 THEN now() + make_interval(secs => g.delay)
                            ELSE i.available_at END,
        cause = g.cause, reason = g.reason, result = coalesce(g.result, i.result)
    FROM given g
    WHERE i.id = g.id AND i.fence = g.fence AND i.state = 'leased'
    RETURNING i.id, i.run_id, i.stage, i.company_id, i.attempt + 1 - g.charge AS attempt,
              i.started_at, i.available_at, g.status, g.cause, g.reason, g.result
), logged AS (
    INSERT INTO stage_log (run_id, stage, item_id, attempt, worker_id, started_at, completed_at,
                           status, cause, error, result)
    SELECT s.run_id, s.stage, s.id, s.attempt, $10, s.started_at, clock_timestamp(),
           s.status, s.cause, s.reason, s.result
    FROM settled s
)
SELECT id, available_at FROM settled;

-- name: last_of_run(run_id, stage)
-- The newest item of a stage that works on the whole run.
SELECT id, batch, state, stale, cause, reason, input, result FROM items
WHERE run_id = $1 AND stage = $2 AND company_id IS NULL ORDER BY batch DESC LIMIT 1;

-- name: close_open(run_id, cause, reason)
-- End every open item of a run; a raised fence refuses the writes of those that are at work.
UPDATE items SET state = 'skipped', fence = fence + 1, worker_id = NULL, leased_until = NULL,
       cause = $2, reason = $3
WHERE run_id = $1 AND state IN ('ready', 'leased');

-- name: list(run_id, state, stage, limit)
-- Items of a run in the order of its stages, and how many there are in all.
SELECT i.id, i.stage, coalesce(nullif(c.domain, ''), c.name, '') AS company, i.state, i.attempt,
       i.lost, i.cause, i.reason, count(*) OVER () AS total
FROM items i LEFT JOIN companies c ON c.id = i.company_id
LEFT JOIN stages s ON s.run_id = i.run_id AND s.stage = i.stage
WHERE i.run_id = $1 AND ($2::text IS NULL OR i.state = $2) AND ($3::text IS NULL OR i.stage = $3)
ORDER BY s.position, i.id LIMIT $4;

-- name: state(run_id, id)
-- The state of one item of a run, if the run has it.
SELECT state FROM items WHERE run_id = $1 AND id = $2;

-- name: gave_up(run_id, id, cause, stage)
-- Stages with items that failed or were quarantined, of those asked for.
SELECT stage, count(*) AS count FROM items
WHERE run_id = $1 AND NOT stale AND state IN ('failed', 'quarantined')
  AND ($2::bigint IS NULL OR id = $2) AND ($3::text IS NULL OR cause = $3) AND ($4::text IS NULL OR stage = $4)
GROUP BY stage;

-- name: retry(run_id, id, cause, stage)
-- Items of companies that failed or were quarantined are ready as if never tried, their companies
-- open. What was left when the run failed goes on with them.
WITH again AS (
    SELECT id, state, company_id FROM items
    WHERE run_id = $1 AND company_id IS NOT NULL AND NOT stale AND (
        state IN ('failed', 'quarantined') AND ($2::bigint IS NULL OR id = $2)
            AND ($3::text IS NULL OR cause = $3) AND ($4::text IS NULL OR stage = $4)
        OR state = 'skipped' AND cause = 'run_failed')
    FOR UPDATE
), opened AS (
    UPDATE companies c SET status = 'open', cause = '', reason = ''
    FROM again a WHERE c.id = a.company_id AND c.status = 'failed'
)
UPDATE items i SET state = 'ready', attempt = 0, lost = 0, available_at = now(),
       cause = NULL, reason = NULL
FROM again a WHERE i.id = a.id
RETURNING i.id, i.stage, a.state = 'quarantined' AS alone;

-- name: reopen(run_id, causes)
-- Items whose companies were rejected for one of these causes are ready as if never tried.
WITH again AS (
    UPDATE companies SET status = 'open', cause = '', reason = ''
    WHERE run_id = $1 AND status = 'rejected' AND cause = ANY ($2::text[])
    RETURNING id
)
UPDATE items i SET state = 'ready', attempt = 0, lost = 0, available_at = now(),
       cause = NULL, reason = NULL
FROM again a WHERE i.company_id = a.id AND i.state = 'skipped' AND i.cause = ANY ($2::text[])
RETURNING i.id;

-- name: supersede(run_id, stage)
-- Items of a run stage that did not end well leave their place to the next one.
UPDATE items SET state = 'skipped', cause = 'superseded', reason = 'another item took its place'
WHERE run_id = $1 AND stage = $2 AND company_id IS NULL AND state IN ('failed', 'quarantined');

-- name: close_stages(run_id, stages, reason)
-- End every open item of stages that nobody works on any more.
UPDATE items SET state = 'skipped', fence = fence + 1, worker_id = NULL, leased_until = NULL,
       cause = 'stage_skipped', reason = $3
WHERE run_id = $1 AND stage = ANY ($2::text[]) AND state IN ('ready', 'leased');

-- name: chosen(run_id, stage, states, domains, state, city, limit)
-- Items of a company stage that are not out of date, of all companies or of some, in the order in
-- which they were found.
SELECT i.id, i.state, c.id AS company_id, c.domain
FROM items i JOIN companies c ON c.id = i.company_id
WHERE i.run_id = $1 AND i.stage = $2 AND NOT i.stale AND i.state = ANY ($3::text[])
  AND (cardinality($4::text[]) = 0 OR c.domain = ANY ($4::text[]))
  AND ($5::text = '' OR lower(c.state) = lower($5)) AND ($6::text = '' OR lower(c.city) = lower($6))
ORDER BY c.ordinal LIMIT $7;

-- name: at_hand(run_id, stage, ids)
-- Which of these items (NULL: of the whole run's) are open, and in how many seconds they are due.
SELECT id, state, greatest(extract(epoch FROM available_at - now()), 0)::float8 AS due FROM items
WHERE run_id = $1 AND stage = $2 AND state IN ('ready', 'leased')
  AND (id = ANY ($3::bigint[]) OR $3 IS NULL AND company_id IS NULL) ORDER BY id;

-- name: works(ids)
-- Everything that a handler gets, without a claim.
SELECT i.id AS item_id, i.attempt, i.batch, i.input, c.*
FROM items i LEFT JOIN companies c ON c.id = i.company_id WHERE i.id = ANY ($1::bigint[])
ORDER BY i.id;

-- name: outcomes(run_id, stage, ids)
-- How these items (NULL: the newest of the whole run's) ended.
SELECT i.id, i.state, i.cause, i.reason, i.result, coalesce(nullif(c.domain, ''), c.name, '') AS company
FROM items i LEFT JOIN companies c ON c.id = i.company_id
WHERE i.run_id = $1 AND i.stage = $2
  AND (i.id = ANY ($3::bigint[]) OR $3 IS NULL AND i.id = (
      SELECT max(n.id) FROM items n WHERE n.run_id = $1 AND n.stage = $2 AND n.company_id IS NULL))
ORDER BY i.id;

-- name: rerun(run_id, stage, behind, company_ids)
-- The items of companies are ready as if never tried; what was learned in the stages behind is out
-- of date.
WITH again AS (
    UPDATE items i
    SET state = 'ready', attempt = 0, lost = 0, fence = i.fence + 1, worker_id = NULL,
        leased_until = NULL, available_at = now(), cause = NULL, reason = NULL
    WHERE i.run_id = $1 AND i.stage = $2 AND NOT i.stale AND i.company_id = ANY ($4::bigint[])
    RETURNING i.company_id AS id
), behind AS (
    UPDATE items i
    SET stale = true, fence = i.fence + 1, worker_id = NULL, leased_until = NULL,
        state = CASE WHEN i.state IN ('ready', 'leased') THEN 'skipped' ELSE i.state END
    FROM again a WHERE i.company_id = a.id AND i.stage = ANY ($3::text[])
), opened AS (
    UPDATE companies c SET status = 'open', cause = '', reason = ''
    FROM again a WHERE c.id = a.id AND c.status <> 'open'
)
SELECT id AS company_id FROM again;

-- name: rerun_all(run_id, stages)
-- Everything that was done in these stages is out of date; the companies that went through them.
WITH again AS (
    UPDATE items
    SET stale = true, fence = fence + 1, worker_id = NULL, leased_until = NULL,
        state = CASE WHEN state IN ('ready', 'leased') THEN 'skipped' ELSE state END
    WHERE run_id = $1 AND stage = ANY ($2::text[]) RETURNING company_id
), opened AS (
    UPDATE companies SET status = 'open', cause = '', reason = ''
    WHERE run_id = $1 AND status <> 'open' AND id IN (SELECT company_id FROM again)
)
SELECT DISTINCT company_id FROM again WHERE company_id IS NOT NULL;

-- name: close_by_hand(run_id, stage)
-- What was open in a stage was done by a person.
UPDATE items SET state = 'done', fence = fence + 1, worker_id = NULL, leased_until = NULL,
       cause = 'by_hand', reason = NULL
WHERE run_id = $1 AND stage = $2 AND state IN ('ready', 'leased');

-- name: do_by_hand(run_id, stage, before)
-- So was the stage for companies that had come to it; `before` is the company stage before it.
INSERT INTO items (run_id, stage, company_id, state, cause)
SELECT $1, $2, c.id, 'done', 'by_hand' FROM companies c
WHERE c.run_id = $1 AND c.status = 'open' AND ($3::text IS NULL OR EXISTS (
    SELECT FROM items b WHERE b.run_id = $1 AND b.stage = $3 AND b.company_id = c.id
    AND b.state = 'done' AND NOT b.stale))
ON CONFLICT (run_id, stage, company_id, batch) DO UPDATE
SET state = 'done', stale = false, cause = 'by_hand', reason = NULL WHERE items.stale;

-- name: failures(run_id)
-- Failures of a run by stage and cause, with a sample.
SELECT i.stage, i.cause, i.state, count(*) AS count, min(i.reason) AS reason,
       min(coalesce(nullif(c.domain, ''), c.name)) AS sample
FROM items i LEFT JOIN companies c ON c.id = i.company_id
WHERE i.run_id = $1 AND i.state IN ('failed', 'quarantined')
GROUP BY i.stage, i.cause, i.state ORDER BY count(*) DESC, i.stage, i.cause;

-- name: open(run_id, stage, limit)
-- Open items of a stage, oldest first.
SELECT i.id, i.state, i.attempt, i.cause, i.reason, i.available_at,
       coalesce(nullif(c.domain, ''), c.name, '') AS subject
FROM items i LEFT JOIN companies c ON c.id = i.company_id
WHERE i.run_id = $1 AND i.stage = $2 AND i.state IN ('ready', 'leased')
ORDER BY i.id LIMIT $3;

-- name: sources(run_id)
-- How far each source of a run has been read, as the newest batch says.
SELECT result -> 'sources' AS sources FROM items
WHERE run_id = $1 AND company_id IS NULL AND stage IN ('intake', 'discovery') AND result ? 'sources'
ORDER BY stage = 'discovery' DESC, batch DESC LIMIT 1;

-- name: first_leased(run_id, stage)
-- Of the items of a stage that are at work, the one that was claimed first.
SELECT id FROM items WHERE run_id = $1 AND stage = $2 AND state = 'leased'
ORDER BY started_at, id LIMIT 1;
