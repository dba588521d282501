-- name: next_due(queues)
-- Seconds until the next job that waits for its time. Nothing announces that moment.
SELECT extract(epoch FROM min(scheduled_at) - now())::float8 FROM procrastinate_jobs
WHERE status = 'todo' AND queue_name = ANY ($1::text[]) AND scheduled_at > now();
