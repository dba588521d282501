-- name: create(request, target_quantity, contacts_min, contacts_max, stage, route, held)
-- A new run, active at once.
INSERT INTO runs (request, target_quantity, contacts_min, contacts_max, stage, route, held)
VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING id, request, status, stage, created_at, finished_at, notes, route, held;

-- name: get(run_id)
-- One run.
SELECT id, request, status, stage, created_at, finished_at, notes, route, held FROM runs WHERE id = $1;

-- name: find(prefix)
-- Runs whose id begins so; two are enough to know that a short id is not unique.
SELECT id, request, status, stage, created_at, finished_at, notes, route, held
FROM runs WHERE id::text LIKE $1 || '%' ORDER BY created_at DESC LIMIT 2;

-- name: recent(limit)
-- The newest runs with what they asked for and delivered.
SELECT r.id, r.request, r.status, r.stage, r.created_at, r.finished_at, r.notes, r.route, r.held,
       (SELECT count(*) FROM companies c WHERE c.run_id = r.id AND c.status = 'ready') AS ready
FROM runs r ORDER BY r.created_at DESC LIMIT $1;

-- name: newest_session()
-- The run whose interactive session began last, of those that are not over.
SELECT r.id FROM runs r JOIN events e ON e.run_id = r.id AND e.what = 'session_began'
WHERE r.status IN ('active', 'paused', 'needs_decision') ORDER BY e.id DESC LIMIT 1;

-- name: active_ids()
-- Runs that workers should move on.
SELECT id FROM runs WHERE status = 'active' ORDER BY created_at;

-- name: lock_active(run_id)
-- One active run, locked: whoever holds it alone changes its stages. Others may add items meanwhile.
SELECT id, request, status, stage, created_at, finished_at, notes, route, held
FROM runs WHERE id = $1 AND status = 'active' FOR NO KEY UPDATE;

-- name: routes(run_ids)
-- The stages that runs go through; they keep them until this transaction ends.
SELECT id, route FROM runs WHERE id = ANY ($1::uuid[]) FOR KEY SHARE;

-- name: hold(run_id)
-- One run, locked as a whole: nothing is settled for it until this transaction ends.
SELECT id, request, status, stage, created_at, finished_at, notes, route, held
FROM runs WHERE id = $1 FOR UPDATE;

-- name: set_way(run_id, route, held)
-- The stages that a run goes through, and those of them that wait.
UPDATE runs SET route = $2, held = $3 WHERE id = $1;

-- name: read(run_id)
-- What the stages of a run read: a hash by name.
SELECT read FROM runs WHERE id = $1;

-- name: set_read(run_id, read)
-- What they read from now on.
UPDATE runs SET read = $2 WHERE id = $1;

-- name: lock(run_id)
-- One run in any state, locked as by `lock_active`.
SELECT id, request, status, stage, created_at, finished_at, notes, route, held
FROM runs WHERE id = $1 FOR NO KEY UPDATE;

-- name: pause(run_id, status)
-- Let an active run wait for a person.
UPDATE runs SET status = $2 WHERE id = $1 AND status = 'active' RETURNING true;

-- name: unpause(run_id)
-- Let a waiting run go on.
UPDATE runs SET status = 'active'
WHERE id = $1 AND status IN ('paused', 'needs_decision') RETURNING true;

-- name: set_request(run_id, request)
-- Another request for the same run; workers read it before their next item.
UPDATE runs SET request = $2::jsonb, revision = revision + 1,
       target_quantity = ($2::jsonb ->> 'target_quantity')::integer,
       contacts_min = ($2::jsonb ->> 'contacts_min')::integer,
       contacts_max = ($2::jsonb ->> 'contacts_max')::integer
WHERE id = $1;

-- name: set_stage(run_id, stage)
-- The earliest stage that is not complete.
UPDATE runs SET stage = $2 WHERE id = $1 AND stage <> $2;

-- name: set_status(run_id, status)
-- Move a run; finished_at follows the status.
UPDATE runs
SET status = $2,
    finished_at = CASE WHEN $2 IN ('completed', 'failed', 'cancelled') THEN now() END
WHERE id = $1;

-- name: drop_notes(run_id, notes)
-- Sentences that are no longer true.
UPDATE runs SET notes = ARRAY(SELECT note FROM unnest(notes) AS note WHERE note <> ALL ($2::text[]))
WHERE id = $1 AND notes && $2::text[];

-- name: add_note(run_id, note)
-- A sentence that a person should read beside the run; once. Whether it is new.
UPDATE runs SET notes = array_append(notes, $2) WHERE id = $1 AND NOT notes @> ARRAY[$2]
RETURNING true;
