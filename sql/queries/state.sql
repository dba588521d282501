-- name: new_ids(table_name, count)
-- Ids of their own for so many rows of a table.
SELECT nextval(pg_get_serial_sequence($1, 'id')) AS id FROM generate_series(1, $2::bigint);

-- name: save_runs(run_id)
-- The row of a run as it travels.
SELECT to_jsonb(t) AS row FROM runs t WHERE id = $1;

-- name: load_runs(rows)
-- The row of a run that came from elsewhere; it waits until it is let go on.
INSERT INTO runs SELECT * FROM jsonb_populate_recordset(NULL::runs, $1);

-- name: save_stages(run_id)
-- The stages of a run as they travel.
SELECT to_jsonb(t) AS row FROM stages t WHERE run_id = $1 ORDER BY position;

-- name: load_stages(rows)
-- The stages of a run that came from elsewhere.
INSERT INTO stages SELECT * FROM jsonb_populate_recordset(NULL::stages, $1);

-- name: save_budgets(run_id)
-- The budgets of a run as they travel.
SELECT to_jsonb(t) AS row FROM budgets t WHERE run_id = $1 ORDER BY stage;

-- name: load_budgets(rows)
-- The budgets of a run that came from elsewhere.
INSERT INTO budgets SELECT * FROM jsonb_populate_recordset(NULL::budgets, $1);

-- name: save_companies(run_id)
-- The companies of a run as they travel.
SELECT to_jsonb(t) AS row FROM companies t WHERE run_id = $1 ORDER BY id;

-- name: load_companies(rows)
-- The companies of a run that came from elsewhere.
INSERT INTO companies OVERRIDING SYSTEM VALUE
SELECT * FROM jsonb_populate_recordset(NULL::companies, $1);

-- name: save_company_keys(run_id)
-- The company keys of a run as they travel.
SELECT to_jsonb(t) AS row FROM company_keys t WHERE run_id = $1 ORDER BY key;

-- name: load_company_keys(rows)
-- The company keys of a run that came from elsewhere.
INSERT INTO company_keys SELECT * FROM jsonb_populate_recordset(NULL::company_keys, $1);

-- name: save_contacts(run_id)
-- The contacts of a run as they travel.
SELECT to_jsonb(t) AS row FROM contacts t WHERE run_id = $1 ORDER BY id;

-- name: load_contacts(rows)
-- The contacts of a run that came from elsewhere.
INSERT INTO contacts OVERRIDING SYSTEM VALUE
SELECT * FROM jsonb_populate_recordset(NULL::contacts, $1);

-- name: save_context_items(run_id)
-- The context items of a run as they travel.
SELECT to_jsonb(t) AS row FROM context_items t WHERE run_id = $1 ORDER BY id;

-- name: load_context_items(rows)
-- The context items of a run that came from elsewhere.
INSERT INTO context_items (id, run_id, kind, name, domain, body) OVERRIDING SYSTEM VALUE
SELECT id, run_id, kind, name, domain, body FROM jsonb_populate_recordset(NULL::context_items, $1);

-- name: save_decisions(run_id)
-- The decisions of a run as they travel.
SELECT to_jsonb(t) AS row FROM decisions t WHERE run_id = $1 ORDER BY id;

-- name: load_decisions(rows)
-- The decisions of a run that came from elsewhere.
INSERT INTO decisions OVERRIDING SYSTEM VALUE
SELECT * FROM jsonb_populate_recordset(NULL::decisions, $1);

-- name: save_duplicates(run_id)
-- The duplicates of a run as they travel.
SELECT to_jsonb(t) AS row FROM duplicates t WHERE run_id = $1 ORDER BY id;

-- name: load_duplicates(rows)
-- The duplicates of a run that came from elsewhere.
INSERT INTO duplicates OVERRIDING SYSTEM VALUE
SELECT * FROM jsonb_populate_recordset(NULL::duplicates, $1);

-- name: save_items(run_id)
-- The items of a run as they travel.
SELECT to_jsonb(t) AS row FROM items t WHERE run_id = $1 ORDER BY id;

-- name: load_items(rows)
-- The items of a run that came from elsewhere.
INSERT INTO items OVERRIDING SYSTEM VALUE
SELECT * FROM jsonb_populate_recordset(NULL::items, $1);

-- name: save_stage_log(run_id)
-- The stage log of a run as they travel.
SELECT to_jsonb(t) AS row FROM stage_log t WHERE run_id = $1 ORDER BY id;

-- name: load_stage_log(rows)
-- The stage log of a run that came from elsewhere.
INSERT INTO stage_log OVERRIDING SYSTEM VALUE
SELECT * FROM jsonb_populate_recordset(NULL::stage_log, $1);

-- name: save_costs(run_id)
-- The costs of a run as they travel.
SELECT to_jsonb(t) AS row FROM costs t WHERE run_id = $1 ORDER BY id;

-- name: load_costs(rows)
-- The costs of a run that came from elsewhere.
INSERT INTO costs OVERRIDING SYSTEM VALUE
SELECT * FROM jsonb_populate_recordset(NULL::costs, $1);

-- name: save_artifacts(run_id)
-- The artifacts of a run as they travel.
SELECT to_jsonb(t) AS row FROM artifacts t WHERE run_id = $1 ORDER BY id;

-- name: load_artifacts(rows)
-- The artifacts of a run that came from elsewhere.
INSERT INTO artifacts OVERRIDING SYSTEM VALUE
SELECT * FROM jsonb_populate_recordset(NULL::artifacts, $1);

-- name: save_events(run_id)
-- The events of a run as they travel.
SELECT to_jsonb(t) AS row FROM events t WHERE run_id = $1 ORDER BY id;

-- name: load_events(rows)
-- The events of a run that came from elsewhere.
INSERT INTO events OVERRIDING SYSTEM VALUE
SELECT * FROM jsonb_populate_recordset(NULL::events, $1);

-- name: save_evidence(run_id)
-- The evidence of a run as they travel.
SELECT to_jsonb(t) AS row FROM evidence t JOIN companies c ON c.id = t.company_id
WHERE c.run_id = $1 ORDER BY t.id;

-- name: load_evidence(rows)
-- The evidence of a run that came from elsewhere.
INSERT INTO evidence OVERRIDING SYSTEM VALUE
SELECT * FROM jsonb_populate_recordset(NULL::evidence, $1);

-- name: save_absences(run_id)
-- The absences of a run as they travel.
SELECT to_jsonb(t) AS row FROM absences t JOIN companies c ON c.id = t.company_id
WHERE c.run_id = $1 ORDER BY t.company_id, t.stage, t.subject, t.field;

-- name: load_absences(rows)
-- The absences of a run that came from elsewhere.
INSERT INTO absences SELECT * FROM jsonb_populate_recordset(NULL::absences, $1);

-- name: save_readings(run_id)
-- The readings of a run as they travel.
SELECT to_jsonb(t) AS row FROM readings t JOIN companies c ON c.id = t.company_id
WHERE c.run_id = $1 ORDER BY t.company_id;

-- name: load_readings(rows)
-- The readings of a run that came from elsewhere.
INSERT INTO readings SELECT * FROM jsonb_populate_recordset(NULL::readings, $1);

-- name: save_pages(run_id)
-- The pages of a run as they travel.
SELECT to_jsonb(t) AS row FROM pages t JOIN companies c ON c.id = t.company_id
WHERE c.run_id = $1 ORDER BY t.company_id, t.position;

-- name: load_pages(rows)
-- The pages of a run that came from elsewhere.
INSERT INTO pages SELECT * FROM jsonb_populate_recordset(NULL::pages, $1);
