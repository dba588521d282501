-- name: lock(key)
-- One process at a time decides which notice is next; the lock ends with the transaction.
SELECT pg_advisory_xact_lock($1);

-- name: due()
-- The oldest run that ended in the last day, wants a notice, and that nobody has claimed.
SELECT r.id FROM runs r
WHERE r.finished_at > now() - interval '1 day' AND coalesce(r.request ->> 'notify_email', '') <> ''
  AND NOT EXISTS (SELECT FROM events e WHERE e.run_id = r.id AND e.what = 'notice_sending')
ORDER BY r.finished_at LIMIT 1;
