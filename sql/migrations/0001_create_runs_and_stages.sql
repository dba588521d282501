-- A run is one request for a lead list; its stages are the nodes of the stage graph.

CREATE TABLE runs (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    request         jsonb NOT NULL,
    target_quantity integer NOT NULL CHECK (target_quantity > 0),
    contacts_min    integer NOT NULL CHECK (contacts_min >= 0),
    contacts_max    integer NOT NULL CHECK (contacts_max >= contacts_min),
    status          text NOT NULL DEFAULT 'active'
        CHECK (status IN ('active', 'paused', 'needs_decision', 'completed', 'failed', 'cancelled')),
    stage           text NOT NULL,
    notes           text[] NOT NULL DEFAULT '{}',
    created_at      timestamptz NOT NULL DEFAULT now(),
    finished_at     timestamptz,
    CHECK ((finished_at IS NOT NULL) = (status IN ('completed', 'failed', 'cancelled')))
);
CREATE INDEX runs_active ON runs (created_at) WHERE finished_at IS NULL;

CREATE TABLE stages (
    run_id       uuid NOT NULL REFERENCES runs ON DELETE CASCADE,
    stage        text NOT NULL,
    position     integer NOT NULL,
    status       text NOT NULL DEFAULT 'pending'
        CHECK (status IN ('pending', 'running', 'complete', 'failed', 'needs_rerun', 'skipped')),
    started_at   timestamptz,
    completed_at timestamptz,
    error        text,
    PRIMARY KEY (run_id, stage),
    CHECK (status <> 'running' OR started_at IS NOT NULL)
);
