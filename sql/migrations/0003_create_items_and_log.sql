-- An item is one unit of a stage's work. A worker that leases it may settle it while its fence holds.

CREATE TABLE items (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id       uuid NOT NULL REFERENCES runs ON DELETE CASCADE,
    company_id   bigint REFERENCES companies ON DELETE CASCADE,
    stage        text NOT NULL,
    batch        integer NOT NULL DEFAULT 0,
    state        text NOT NULL DEFAULT 'ready'
        CHECK (state IN ('ready', 'leased', 'done', 'skipped', 'review', 'failed', 'quarantined')),
    attempt      integer NOT NULL DEFAULT 0 CHECK (attempt >= 0),
    lost         integer NOT NULL DEFAULT 0,
    fence        bigint NOT NULL DEFAULT 0,
    available_at timestamptz NOT NULL DEFAULT now(),
    leased_until timestamptz,
    started_at   timestamptz,
    worker_id    bigint,
    cause        text,
    reason       text,
    input        jsonb,
    result       jsonb,
    UNIQUE NULLS NOT DISTINCT (run_id, stage, company_id, batch),
    CHECK ((state = 'leased') = (leased_until IS NOT NULL)),
    CHECK ((state = 'leased') = (worker_id IS NOT NULL))
);
COMMENT ON COLUMN items.attempt IS 'counted at claim, so that a crash counts';
COMMENT ON COLUMN items.lost IS 'claims that ended in a lost process';
CREATE INDEX items_open ON items (run_id, stage) WHERE state IN ('ready', 'leased');
CREATE INDEX items_company ON items (company_id);
CREATE INDEX items_leased ON items (leased_until) WHERE state = 'leased';

CREATE TABLE stage_log (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id       uuid NOT NULL REFERENCES runs ON DELETE CASCADE,
    stage        text NOT NULL,
    item_id      bigint NOT NULL,
    attempt      integer NOT NULL,
    worker_id    bigint,
    started_at   timestamptz NOT NULL,
    completed_at timestamptz NOT NULL,
    status       text NOT NULL
        CHECK (status IN ('done', 'skipped', 'review', 'snoozed', 'retried', 'failed', 'returned', 'lost')),
    cause        text,
    error        text,
    result       jsonb
);
CREATE INDEX stage_log_run ON stage_log (run_id, stage);

CREATE TABLE events (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL DEFAULT now(),
    run_id  uuid REFERENCES runs ON DELETE CASCADE,
    actor   text NOT NULL,
    what    text NOT NULL,
    stage   text,
    item_id bigint,
    data    jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX events_run ON events (run_id, id);

-- procrastinate keeps the heartbeats; this table says whose they are.
CREATE TABLE workers (
    id          bigint PRIMARY KEY,
    host        text NOT NULL,
    pid         integer NOT NULL,
    version     text NOT NULL,
    stages      text[] NOT NULL,
    concurrency integer NOT NULL,
    running     integer NOT NULL DEFAULT 0,
    draining    boolean NOT NULL DEFAULT false,
    started_at  timestamptz NOT NULL DEFAULT now(),
    seen_at     timestamptz NOT NULL DEFAULT now(),
    ended_at    timestamptz
);
