-- What the stages of a run read besides its records, to notice when it has changed. It belongs to the
-- run as a whole: stages share it.

ALTER TABLE stages DROP COLUMN read;
ALTER TABLE runs ADD COLUMN read jsonb NOT NULL DEFAULT '{}';
COMMENT ON COLUMN runs.read IS 'a hash by name of what some stage reads (app/pipeline/reads.py)';
