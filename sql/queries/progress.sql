-- name: run(run_id)
-- One run and how long it has taken so far.
SELECT id, request, status, stage, created_at, notes, route, held,
       extract(epoch FROM coalesce(finished_at, now()) - created_at)::float8 AS seconds
FROM runs WHERE id = $1;

-- name: name_connection(name)
-- What others see of this connection, for as long as it lasts.
SELECT set_config('application_name', $1, false);

-- name: lead(run_id)
-- Try to lead a run with this connection; the lead ends with the connection.
SELECT pg_try_advisory_lock(hashtextextended('sluice lead ' || $1::uuid::text, 0));

-- name: leader(run_id)
-- The name of the connection that leads a run, if any.
WITH key AS (SELECT hashtextextended('sluice lead ' || $1::uuid::text, 0) AS id)
SELECT a.application_name FROM key, pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND (l.classid::bigint << 32) | l.objid::bigint = key.id;

-- name: server()
-- The server's version as a number (150004 is 15.4), and what it calls itself.
SELECT current_setting('server_version_num')::integer AS number,
       current_setting('server_version') AS version, current_database()::text AS name,
       current_user::text AS role;

-- name: has_runs()
-- Whether there is a table of runs, in a database of any age.
SELECT to_regclass('sluice.runs') IS NOT NULL;

-- name: take_time()
-- This transaction may wait for work that is done outside.
SELECT set_config('idle_in_transaction_session_timeout', '0', true);
