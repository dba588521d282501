-- The heartbeat of all worker processes together. After an outage everybody looks silent; whoever
-- judges the silence of one asks here whether the others could be heard all the while.

CREATE TABLE pulse (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    beat_at timestamptz NOT NULL DEFAULT now(),
    since   timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN pulse.since IS 'the first beat after the last gap';
INSERT INTO pulse DEFAULT VALUES;
