-- What the companies of runs are compared by, and the rows that were found to be one of them.

CREATE TABLE company_keys (
    key bigint NOT NULL,
    run_id uuid NOT NULL,
    company_id bigint NOT NULL REFERENCES companies ON DELETE CASCADE,
    PRIMARY KEY (key, run_id, company_id)
);
COMMENT ON TABLE company_keys IS 'digests of phone, domain, name and place as the source gave them; a key of a run names its first 16 companies';
CREATE INDEX company_keys_company ON company_keys (company_id);

CREATE TABLE duplicates (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id uuid NOT NULL REFERENCES runs ON DELETE CASCADE,
    company_id bigint NOT NULL REFERENCES companies ON DELETE CASCADE,
    discarded_id bigint REFERENCES companies ON DELETE CASCADE,
    name text NOT NULL,
    discovery_source text NOT NULL,
    source_ref text NOT NULL,
    rule text NOT NULL,
    reasons text[] NOT NULL,
    score real NOT NULL CHECK (score BETWEEN 0 AND 1),
    found_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN duplicates.company_id IS 'the company that is kept';
COMMENT ON COLUMN duplicates.discarded_id IS 'where the row was stored before a row with a website took its place';
CREATE INDEX duplicates_run ON duplicates (run_id);
CREATE INDEX duplicates_company ON duplicates (company_id);
CREATE INDEX duplicates_discarded ON duplicates (discarded_id) WHERE discarded_id IS NOT NULL;

-- Equal names in one city may be two companies: rows are compared as a whole now.
DROP INDEX companies_name;

-- Whether a company was delivered, and when.
CREATE INDEX snapshot_rows_company ON snapshot_rows (((row ->> 'company_id')::bigint)) WHERE kind = 'companies';
