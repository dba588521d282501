-- Who is to be left alone, and what people decided about runs.

CREATE TABLE secrets (
    name text PRIMARY KEY,
    value bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE suppressions (
    digest bytea PRIMARY KEY CHECK (length(digest) = 32),
    kind text NOT NULL CHECK (kind IN ('email', 'domain', 'phone')),
    erased boolean NOT NULL DEFAULT false,
    reason text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN suppressions.digest IS 'HMAC-SHA256 of the normalised value; the key is in secrets';
COMMENT ON COLUMN suppressions.erased IS 'forgotten: not even the fact that a source lists it is stored';

CREATE TABLE decisions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id uuid NOT NULL REFERENCES runs ON DELETE CASCADE,
    at timestamptz NOT NULL DEFAULT now(),
    who text NOT NULL,
    what text NOT NULL,
    stage text NOT NULL DEFAULT '',
    reason text NOT NULL DEFAULT '',
    data jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX decisions_run ON decisions (run_id, id);

ALTER TABLE runs ADD COLUMN revision integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN runs.revision IS 'raised when the request changes, so that workers read it again';

-- Replace every match in every text, text[] and jsonb column of every table, of whatever is added
-- later too. `needle` is a plain part of what `pattern` (case does not matter) matches, for speed.
CREATE FUNCTION redact(needle text, pattern text, replacement text)
RETURNS TABLE (place text, hits bigint) LANGUAGE plpgsql AS $$
DECLARE
    spot record;
BEGIN
    FOR spot IN
        SELECT c.relname AS relation, a.attname AS field, format_type(a.atttypid, NULL) AS type
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'sluice'::regnamespace AND c.relkind = 'r'
          AND c.relname NOT IN ('migrations', 'suppressions')
          AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
          AND a.atttypid IN ('text'::regtype, 'text[]'::regtype, 'jsonb'::regtype)
        ORDER BY c.relname, a.attnum
    LOOP
        EXECUTE format(
            'UPDATE sluice.%1$I SET %2$I = regexp_replace(%2$I::text, $2, $3, ''gi'')::%3$s
             WHERE position($1 IN lower(%2$I::text)) > 0 AND %2$I::text ~* $2',
            spot.relation, spot.field, spot.type) USING needle, pattern, replacement;
        GET DIAGNOSTICS hits = ROW_COUNT;
        place := spot.relation || '.' || spot.field;
        IF hits > 0 THEN
            RETURN NEXT;
        END IF;
    END LOOP;
END
$$;
