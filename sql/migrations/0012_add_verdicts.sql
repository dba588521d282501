-- What checks say of a record: the verdict, and each reason with the check that gave it.

ALTER TABLE companies
    ADD COLUMN verdict text NOT NULL DEFAULT '' CHECK (verdict IN ('', 'valid', 'invalid', 'review')),
    ADD COLUMN reasons jsonb NOT NULL DEFAULT '[]';
ALTER TABLE contacts
    ADD COLUMN verdict text NOT NULL DEFAULT '' CHECK (verdict IN ('', 'valid', 'invalid', 'review')),
    ADD COLUMN reasons jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN email_verdict text NOT NULL DEFAULT ''
        CHECK (email_verdict IN ('', 'valid', 'invalid', 'not_checked'));
COMMENT ON COLUMN companies.verdict IS 'empty: not checked';
COMMENT ON COLUMN companies.reasons IS '[{check, verdict, cause, reason}]; a valid one is a remark';
COMMENT ON COLUMN contacts.reasons IS '[{check, verdict, cause, reason}]; a valid one is a remark';

CREATE INDEX companies_same_name ON companies (run_id, lower(name));
CREATE INDEX companies_same_phone ON companies (run_id, phone) WHERE phone <> '';
CREATE INDEX contacts_address ON contacts (run_id, lower(email)) WHERE email <> '';

-- Runs from before there were twelve stages have gone past the new ones.
WITH graph (stage, position) AS (
    SELECT * FROM unnest(ARRAY['intake', 'context', 'plan', 'discovery', 'company_research',
        'company_validation', 'contact_research', 'contact_validation', 'readiness', 'export',
        'package', 'outreach']) WITH ORDINALITY
), added AS (
    INSERT INTO stages (run_id, stage, position, status)
    SELECT r.id, g.stage, g.position, 'skipped' FROM runs r CROSS JOIN graph g
    ON CONFLICT (run_id, stage) DO NOTHING
)
UPDATE stages s SET position = g.position FROM graph g WHERE g.stage = s.stage;
