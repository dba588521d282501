-- A run goes its own way through the graph, and can be stopped on it.

ALTER TABLE runs ADD COLUMN route text[] NOT NULL DEFAULT '{}',
                 ADD COLUMN held text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN runs.route IS 'the stages that the run goes through, in order';
COMMENT ON COLUMN runs.held IS 'those of them that nobody works on until the run is resumed';

UPDATE runs SET route = ARRAY(
    SELECT s.stage FROM stages s WHERE s.run_id = runs.id AND s.status <> 'skipped' ORDER BY s.position);

ALTER TABLE stages ADD COLUMN read jsonb NOT NULL DEFAULT '{}';
COMMENT ON COLUMN stages.read IS 'what the stage read when it began: a hash by name';

ALTER TABLE items ADD COLUMN stale boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN items.stale IS 'settled, and out of date: done again when the company gets here again';
