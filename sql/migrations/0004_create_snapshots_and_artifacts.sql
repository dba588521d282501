-- A snapshot is the frozen records that one export was made from; an artifact is a file made of it.

CREATE TABLE snapshots (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id     uuid NOT NULL REFERENCES runs ON DELETE CASCADE,
    item_id    bigint UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE snapshot_rows (
    snapshot_id bigint NOT NULL REFERENCES snapshots ON DELETE CASCADE,
    kind        text NOT NULL CHECK (kind IN ('companies', 'contacts')),
    position    integer NOT NULL,
    row         jsonb NOT NULL,
    PRIMARY KEY (snapshot_id, kind, position)
);

CREATE TABLE artifacts (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id     uuid NOT NULL REFERENCES runs ON DELETE CASCADE,
    kind       text NOT NULL,
    path       text NOT NULL,
    rows       integer NOT NULL,
    sha256     text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (run_id, path)
);
