-- A run as it travels: for each table, its rows here (save_TABLE), and rows from elsewhere put in
-- (load_TABLE); the run waits until it is let go on.

-- name: new_ids(table_name, count)
-- Ids of their own for so many rows of a table.
SELECT nextval(pg_get_serial_sequence($1, 'id')) AS id FROM generate_series(1, $2::bigint);

-- name: save_runs(run_id)
SELECT to_jsonb(t) AS row FROM runs t WHERE id = $1;
-- name: load_runs(rows)
INSERT INTO runs SELECT * FROM jsonb_populate_recordset(NULL::runs, $1);

-- name: save_stages(run_id)
SELECT to_jsonb(t) AS row FROM stages t WHERE run_id = $1 ORDER BY position;
-- name: load_stages(rows)
INSERT INTO stages SELECT * FROM jsonb_populate_recordset(NULL::stages, $1);

-- name: save_budgets(run_id)
SELECT to_jsonb(t) AS row FROM budgets t WHERE run_id = $1 ORDER BY stage;
-- name: load_budgets(rows)
INSERT INTO budgets SELECT * FROM jsonb_populate_recordset(NULL::budgets, $1);

-- name: save_companies(run_id)
SELECT to_jsonb(t) AS row FROM companies t WHERE run_id = $1 ORDER BY id;
-- name: load_companies(rows)
INSERT INTO companies OVERRIDING SYSTEM VALUE
SELECT * FROM jsonb_populate_recordset(NULL::companies, $1);

-- name: save_company_keys(run_id)
SELECT to_jsonb(t) AS row FROM company_keys t WHERE run_id = $1 ORDER BY key;
-- name: load_company_keys(rows)
INSERT INTO company_keys SELECT * FROM jsonb_populate_recordset(NULL::company_keys, $1);

-- name: save_contacts(run_id)
SELECT to_jsonb(t) AS row FROM contacts t WHERE run_id = $1 ORDER BY id;
-- name: load_contacts(rows)
INSERT INTO contacts OVERRIDING SYSTEM VALUE
SELECT * FROM jsonb_populate_recordset(NULL::contacts, $1);

-- name: save_context_items(run_id)
SELECT to_jsonb(t) AS row FROM context_items t WHERE run_id = $1 ORDER BY id;
-- name: load_context_items(rows)
-- Its other columns are generated.
INSERT INTO context_items (id, run_id, kind, name, domain, body) OVERRIDING SYSTEM VALUE
SELECT id, run_id, kind, name, domain, body FROM jsonb_populate_recordset(NULL::context_items, $1);

-- name: save_decisions(run_id)
SELECT to_jsonb(t) AS row FROM decisions t WHERE run_id = $1 ORDER BY id;
-- name: load_decisions(rows)
INSERT INTO decisions OVERRIDING SYSTEM VALUE
SELECT * FROM jsonb_populate_recordset(NULL::decisions, $1);

-- name: save_duplicates(run_id)
SELECT to_jsonb(t) AS row FROM duplicates t WHERE run_id = $1 ORDER BY id;
-- name: load_duplicates(rows)
INSERT INTO duplicates OVERRIDING SYSTEM VALUE
SELECT * FROM jsonb_populate_recordset(NULL::duplicates, $1);

-- name: save_items(run_id)
SELECT to_jsonb(t) AS row FROM items t WHERE run_id = $1 ORDER BY id;
-- name: load_items(rows)
INSERT INTO items OVERRIDING SYSTEM VALUE
SELECT * FROM jsonb_populate_recordset(NULL::items, $1);

-- name: save_stage_log(run_id)
SELECT to_jsonb(t) AS row FROM stage_log t WHERE run_id = $1 ORDER BY id;
-- name: load_stage_log(rows)
INSERT INTO stage_log OVERRIDING SYSTEM VALUE
SELECT * FROM jsonb_populate_recordset(NULL::stage_log, $1);

-- name: save_costs(run_id)
SELECT to_jsonb(t) AS row FROM costs t WHERE run_id = $1 ORDER BY id;
-- name: load_costs(rows)
INSERT INTO costs OVERRIDING SYSTEM VALUE
SELECT * FROM jsonb_populate_recordset(NULL::costs, $1);

-- name: save_artifacts(run_id)
SELECT to_jsonb(t) AS row FROM artifacts t WHERE run_id = $1 ORDER BY id;
-- name: load_artifacts(rows)
INSERT INTO artifacts OVERRIDING SYSTEM VALUE
SELECT * FROM jsonb_populate_recordset(NULL::artifacts, $1);

-- name: save_events(run_id)
SELECT to_jsonb(t) AS row FROM events t WHERE run_id = $1 ORDER BY id;
-- name: load_events(rows)
INSERT INTO events OVERRIDING SYSTEM VALUE
SELECT * FROM jsonb_populate_recordset(NULL::events, $1);

-- name: save_evidence(run_id)
SELECT to_jsonb(t) AS row FROM evidence t JOIN companies c ON c.id = t.company_id
WHERE c.run_id = $1 ORDER BY t.id;
-- name: load_evidence(rows)
INSERT INTO evidence OVERRIDING SYSTEM VALUE
SELECT * FROM jsonb_populate_recordset(NULL::evidence, $1);

-- name: save_absences(run_id)
SELECT to_jsonb(t) AS row FROM absences t JOIN companies c ON c.id = t.company_id
WHERE c.run_id = $1 ORDER BY t.company_id, t.stage, t.subject, t.field;
-- name: load_absences(rows)
INSERT INTO absences SELECT * FROM jsonb_populate_recordset(NULL::absences, $1);

-- name: save_readings(run_id)
SELECT to_jsonb(t) AS row FROM readings t JOIN companies c ON c.id = t.company_id
WHERE c.run_id = $1 ORDER BY t.company_id;
-- name: load_readings(rows)
INSERT INTO readings SELECT * FROM jsonb_populate_recordset(NULL::readings, $1);

-- name: save_pages(run_id)
SELECT to_jsonb(t) AS row FROM pages t JOIN companies c ON c.id = t.company_id
WHERE c.run_id = $1 ORDER BY t.company_id, t.position;
-- name: load_pages(rows)
INSERT INTO pages SELECT * FROM jsonb_populate_recordset(NULL::pages, $1);
