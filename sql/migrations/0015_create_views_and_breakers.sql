-- What a person looks at, and the breakers of stages that are failing.

CREATE VIEW v_companies_by_stage AS
SELECT c.run_id, coalesce(i.stage, c.current_stage) AS stage, c.status, count(*) AS companies
FROM companies c
LEFT JOIN items i ON i.company_id = c.id AND i.state IN ('ready', 'leased')
GROUP BY c.run_id, coalesce(i.stage, c.current_stage), c.status;
COMMENT ON VIEW v_companies_by_stage IS 'how many companies of a run are in which stage: the one that is open for them, else the last that settled them';

CREATE VIEW v_recent_completions AS
SELECT l.run_id, l.stage, l.item_id, c.id AS company_id, coalesce(nullif(c.domain, ''), c.name) AS company,
       l.completed_at, l.completed_at - l.started_at AS took, l.attempt
FROM stage_log l JOIN items i ON i.id = l.item_id LEFT JOIN companies c ON c.id = i.company_id
WHERE l.status = 'done' AND l.completed_at > now() - interval '24 hours';
COMMENT ON VIEW v_recent_completions IS 'items that were done in the last 24 hours';

CREATE VIEW v_failed_items AS
SELECT i.run_id, i.stage, i.id AS item_id, c.id AS company_id,
       coalesce(nullif(c.domain, ''), c.name) AS company,
       i.state, i.attempt, i.cause, i.reason, l.completed_at AS failed_at
FROM items i
JOIN stage_log l ON l.item_id = i.id AND l.attempt = i.attempt AND l.status IN ('failed', 'lost')
LEFT JOIN companies c ON c.id = i.company_id
WHERE i.state IN ('failed', 'quarantined') AND l.completed_at > now() - interval '7 days';
COMMENT ON VIEW v_failed_items IS 'items that failed or were quarantined in the last 7 days, and are so still';

CREATE VIEW v_stuck_items AS
SELECT i.run_id, r.status AS run_status, i.stage, i.id AS item_id, c.id AS company_id,
       coalesce(nullif(c.domain, ''), c.name) AS company, i.state, i.attempt, i.cause, i.reason,
       least(i.started_at, i.available_at) AS since
FROM items i JOIN runs r ON r.id = i.run_id LEFT JOIN companies c ON c.id = i.company_id
WHERE i.state IN ('ready', 'leased') AND r.finished_at IS NULL
  AND least(i.started_at, i.available_at) < now() - interval '24 hours';
COMMENT ON VIEW v_stuck_items IS 'open items of runs that are not over which nobody has begun for 24 hours';

CREATE VIEW v_stage_durations AS
SELECT run_id, stage, count(*) AS attempts,
       avg(extract(epoch FROM completed_at - started_at))::float8 AS average,
       percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM completed_at - started_at)::float8) AS p95,
       max(extract(epoch FROM completed_at - started_at))::float8 AS max
FROM stage_log WHERE status NOT IN ('lost', 'returned')
GROUP BY run_id, stage;
COMMENT ON VIEW v_stage_durations IS 'seconds that attempts of a stage took: average, 95th percentile, longest';

CREATE TABLE breakers (
    run_id     uuid NOT NULL REFERENCES runs ON DELETE CASCADE,
    stage      text NOT NULL,
    state      text NOT NULL CHECK (state IN ('closed', 'open', 'probing', 'given_up')),
    cause      text NOT NULL,
    failing    integer NOT NULL DEFAULT 0,
    due_at     timestamptz NOT NULL,
    after_log  bigint NOT NULL,
    probe_item bigint,
    PRIMARY KEY (run_id, stage),
    CHECK ((state = 'probing') = (probe_item IS NOT NULL))
);
COMMENT ON COLUMN breakers.failing IS 'probes that failed since it opened';
COMMENT ON COLUMN breakers.after_log IS 'only attempts logged after this one count';
CREATE INDEX stage_log_failed ON stage_log (run_id, stage, id) WHERE status IN ('retried', 'failed');
