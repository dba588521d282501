-- How a company scored, why each empty field is empty (once), and how far its site was read.

ALTER TABLE companies ADD COLUMN icp_rules jsonb NOT NULL DEFAULT '[]';
COMMENT ON COLUMN companies.icp_rules IS
    'each rule that applied: rule, verdict, points, weight, confidence, why';

DELETE FROM absences a USING absences b
WHERE a.company_id = b.company_id AND a.subject = b.subject AND a.field = b.field AND a.stage < b.stage;
ALTER TABLE absences DROP CONSTRAINT absences_pkey, ADD PRIMARY KEY (company_id, subject, field);

-- One reading of a site. Its pages are those of the same company.
CREATE TABLE readings (
    company_id bigint PRIMARY KEY REFERENCES companies ON DELETE CASCADE,
    website    text NOT NULL,
    most_pages integer NOT NULL,
    origin     text NOT NULL,
    refused    jsonb NOT NULL,
    cause      text NOT NULL,
    detail     text NOT NULL,
    read_at    timestamptz NOT NULL
);
COMMENT ON COLUMN readings.website IS 'the address that the reading began at';
COMMENT ON COLUMN readings.origin IS 'empty: the network; else the folder that was replayed';
COMMENT ON COLUMN readings.refused IS 'addresses that brought no page: url, cause, kind';
COMMENT ON COLUMN readings.cause IS 'why the reading ended early, or empty';
COMMENT ON COLUMN readings.read_at IS 'when its oldest page was fetched';
CREATE INDEX readings_website ON readings (website, read_at DESC);
