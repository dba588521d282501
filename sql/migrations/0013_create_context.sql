-- What was known before a run looked at anything: rules, notes, earlier research, suppressions.

CREATE TABLE context_items (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id uuid NOT NULL REFERENCES runs ON DELETE CASCADE,
    kind   text NOT NULL CHECK (kind IN ('icp', 'note', 'research', 'suppression')),
    name   text NOT NULL,
    domain text NOT NULL DEFAULT '',
    body   text NOT NULL,
    size   integer NOT NULL GENERATED ALWAYS AS (length(body)) STORED,
    words  tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('simple', name || ' ' || body)) STORED
);
COMMENT ON COLUMN context_items.domain IS 'the company that it is about; empty where it is about none in particular';
COMMENT ON COLUMN context_items.size IS 'characters';
CREATE INDEX context_items_run ON context_items (run_id, domain);
CREATE INDEX context_items_words ON context_items USING gin (words);
