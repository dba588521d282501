-- What paid calls cost. A price is reserved before its call is made, and settled after it.

CREATE TABLE budgets (
    run_id         uuid NOT NULL REFERENCES runs ON DELETE CASCADE,
    stage          text NOT NULL,
    amount         numeric CHECK (amount >= 0),
    company_amount numeric CHECK (company_amount >= 0),
    spent          numeric NOT NULL DEFAULT 0 CHECK (spent >= 0),
    PRIMARY KEY (run_id, stage),
    CHECK (stage = '' OR (amount IS NOT NULL AND company_amount IS NULL))
);
COMMENT ON TABLE budgets IS 'one row per run (stage is empty) and one per stage with a limit of its own';
COMMENT ON COLUMN budgets.amount IS 'the most that may be spent; null is no limit';
COMMENT ON COLUMN budgets.company_amount IS 'the most for one company of the run; null is no limit';
COMMENT ON COLUMN budgets.spent IS 'settled and reserved; changed only under the lock of the row of the run';

INSERT INTO budgets (run_id, stage) SELECT id, '' FROM runs;

CREATE TABLE costs (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id     uuid NOT NULL REFERENCES runs ON DELETE CASCADE,
    stage      text NOT NULL,
    item_id    bigint NOT NULL,
    fence      bigint NOT NULL,
    company_id bigint REFERENCES companies ON DELETE CASCADE,
    provider   text NOT NULL,
    reserved   numeric NOT NULL CHECK (reserved >= 0),
    settled    numeric CHECK (settled >= 0),
    state      text NOT NULL DEFAULT 'reserved'
        CHECK (state IN ('reserved', 'settled', 'lost', 'refused')),
    created_at timestamptz NOT NULL DEFAULT now(),
    settled_at timestamptz,
    CHECK ((state IN ('settled', 'lost')) = (settled IS NOT NULL)),
    CHECK ((settled IS NULL) = (settled_at IS NULL))
);
COMMENT ON COLUMN costs.state IS 'lost: nobody knows what became of the call, so it counts at its reserved price; refused: waits for a larger budget';
CREATE INDEX costs_run ON costs (run_id);
CREATE INDEX costs_company ON costs (company_id);
CREATE INDEX costs_reserved ON costs (item_id) WHERE state = 'reserved';
CREATE UNIQUE INDEX costs_refused ON costs (item_id, provider) WHERE state = 'refused';
