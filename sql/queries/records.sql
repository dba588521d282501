-- name: add_companies(run_id, stage, rows)
-- Companies that a source found, in its order; one that the run has already is left as it is.
WITH base AS (
    SELECT coalesce(max(ordinal), 0) AS ordinal FROM companies WHERE run_id = $1
), given AS (
    SELECT * FROM jsonb_to_recordset($3) AS given (
        ordinal integer, name text, domain text, website text, street text, city text, state text,
        postcode text, country text, phone text, category text, units_estimate integer,
        discovery_source text, source_ref text, status text, cause text, reason text)
), added AS (
    INSERT INTO companies (run_id, current_stage, ordinal, name, domain, website, street, city,
                           state, postcode, country, phone, category, units_estimate,
                           discovery_source, source_ref, status, cause, reason)
    SELECT $1, $2, base.ordinal + given.ordinal, name, domain, website, street, city, state,
           postcode, country, phone, category, units_estimate, discovery_source, source_ref,
           status, cause, reason
    FROM given, base ORDER BY given.ordinal
    ON CONFLICT DO NOTHING
    RETURNING id, ordinal, status
)
SELECT added.id, added.ordinal - base.ordinal AS n, added.status FROM added, base;

-- name: update_companies(stage, rows)
-- What a stage learned of companies, and where they stand after it; every value is replaced. One
-- that failed stays where it was.
UPDATE companies c
SET current_stage = CASE g.status WHEN 'failed' THEN c.current_stage ELSE $1 END,
    status = g.status, cause = g.cause, reason = g.reason, name = g.name, website = g.website, street = g.street, city = g.city, state = g.state,
    postcode = g.postcode, country = g.country, phone = g.phone, category = g.category,
    pms_detected = g.pms_detected, units_estimate = g.units_estimate,
    company_type = g.company_type, description = g.description, icp_fit = g.icp_fit,
    icp_tier = g.icp_tier, icp_confidence = g.icp_confidence, disqualifiers = g.disqualifiers,
    icp_rules = g.icp_rules
FROM jsonb_to_recordset($2) AS g (
    id bigint, status text, cause text, reason text, name text, website text, street text, city text, state text, postcode text,
    country text, phone text, category text, pms_detected text, units_estimate integer,
    company_type text, description text, icp_fit boolean, icp_tier text, icp_confidence real,
    disqualifiers text[], icp_rules jsonb)
WHERE c.id = g.id;

-- name: move_companies(ids, stage, statuses, causes, reasons)
-- Where companies stand after a stage that learned nothing of them. One that failed stays where it
-- was.
UPDATE companies c
SET current_stage = CASE g.status WHEN 'failed' THEN c.current_stage ELSE $2 END,
    status = g.status, cause = g.cause, reason = g.reason
FROM unnest($1::bigint[], $3::text[], $4::text[], $5::text[]) AS g (id, status, cause, reason)
WHERE c.id = g.id;

-- name: finish(run_id, stage)
-- Companies that are through their last stage are ready.
UPDATE companies c SET status = 'ready' FROM items i
WHERE c.run_id = $1 AND c.status = 'open' AND i.company_id = c.id AND i.stage = $2
  AND i.state = 'done' AND NOT i.stale;

-- name: clear_contacts(company_ids)
-- Contacts are replaced as a whole.
DELETE FROM contacts WHERE company_id = ANY ($1::bigint[]);

-- name: add_contacts(rows)
-- The people of companies, best first.
INSERT INTO contacts (run_id, company_id, position, key, full_name, title, email, email_status,
                      phone, linkedin_url, department, seniority, quality_score, quality_parts,
                      personalization_notes)
SELECT c.run_id, g.company_id, g.position, g.key, g.full_name, g.title, g.email, g.email_status,
       g.phone, g.linkedin_url, g.department, g.seniority, g.quality_score, g.quality_parts,
       g.personalization_notes
FROM jsonb_to_recordset($1) AS g (
    company_id bigint, position integer, key text, full_name text, title text, email text,
    email_status text, phone text, linkedin_url text, department text, seniority text,
    quality_score integer, quality_parts jsonb, personalization_notes text)
JOIN companies c ON c.id = g.company_id;

-- name: unlearn(company_ids, stages)
-- Values that these stages found are again what was stated before them.
WITH said AS (
    SELECT company_id, field,
           (array_agg(value ORDER BY confidence DESC, id) FILTER (WHERE stage <> ALL ($2::text[])))[1]
           AS value
    FROM evidence WHERE company_id = ANY ($1::bigint[]) AND subject = ''
    GROUP BY company_id, field HAVING bool_or(stage = ANY ($2::text[]))
), back AS (
    SELECT company_id, jsonb_object_agg(field, value) AS v FROM said GROUP BY company_id
)
UPDATE companies c
SET name = coalesce(v ->> 'company_name', c.name), website = coalesce(v ->> 'website', c.website),
    street = CASE WHEN v ? 'street' THEN coalesce(v ->> 'street', '') ELSE c.street END,
    city = CASE WHEN v ? 'city' THEN coalesce(v ->> 'city', '') ELSE c.city END,
    state = CASE WHEN v ? 'state' THEN coalesce(v ->> 'state', '') ELSE c.state END,
    postcode = CASE WHEN v ? 'postcode' THEN coalesce(v ->> 'postcode', '') ELSE c.postcode END,
    country = coalesce(v ->> 'country', c.country),
    phone = CASE WHEN v ? 'phone' THEN coalesce(v ->> 'phone', '') ELSE c.phone END,
    category = coalesce(v ->> 'category', c.category),
    pms_detected = CASE WHEN v ? 'pms_detected' THEN coalesce(v ->> 'pms_detected', '') ELSE c.pms_detected END,
    company_type = CASE WHEN v ? 'company_type' THEN coalesce(v ->> 'company_type', '') ELSE c.company_type END,
    description = CASE WHEN v ? 'description' THEN coalesce(v ->> 'description', '') ELSE c.description END,
    icp_tier = CASE WHEN v ? 'icp_tier' THEN coalesce(v ->> 'icp_tier', '') ELSE c.icp_tier END,
    units_estimate = CASE WHEN v ? 'units_estimate' THEN substring(v ->> 'units_estimate', '^\d{1,9}$')::integer
                     ELSE c.units_estimate END,
    icp_fit = CASE WHEN v ? 'icp_fit' THEN NULL ELSE c.icp_fit END,
    icp_confidence = CASE WHEN v ? 'icp_tier' THEN NULL ELSE c.icp_confidence END,
    disqualifiers = CASE WHEN v ? 'disqualifiers' THEN '{}' ELSE c.disqualifiers END
FROM back WHERE c.id = back.company_id;

-- name: clear_facts(company_ids, stage)
-- What a stage stated about companies is replaced when the stage runs again.
WITH facts AS (DELETE FROM evidence WHERE company_id = ANY ($1::bigint[]) AND stage = $2)
DELETE FROM absences WHERE company_id = ANY ($1::bigint[]) AND stage = $2;

-- name: add_evidence(stage, rows)
-- Facts with where they were seen.
INSERT INTO evidence (company_id, stage, subject, field, value, source_url, quote, method,
                      confidence, rule, seen_at)
SELECT company_id, $1, subject, field, value, source_url, quote, method, confidence, rule, seen_at
FROM jsonb_to_recordset($2) AS g (
    company_id bigint, subject text, field text, value text, source_url text, quote text,
    method text, confidence real, rule text, seen_at timestamptz);

-- name: add_absences(stage, rows)
-- Why fields are empty; the stage that looked last has the word.
INSERT INTO absences (company_id, stage, subject, field, kind, detail)
SELECT company_id, $1, subject, field, kind, detail
FROM jsonb_to_recordset($2) AS g (
    company_id bigint, subject text, field text, kind text, detail text)
ON CONFLICT (company_id, subject, field) DO UPDATE
SET stage = excluded.stage, kind = excluded.kind, detail = excluded.detail;

-- name: clear_pages(company_ids)
-- Pages are replaced as a whole.
DELETE FROM pages WHERE company_id = ANY ($1::bigint[]);

-- name: add_pages(company_ids, positions, urls, statuses, content_types, charsets, truncated, fetched, bodies)
-- The pages that a site was read by; bodies are compressed.
INSERT INTO pages (company_id, position, url, status, content_type, charset, truncated,
                   fetched_at, body)
SELECT * FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::integer[], $5::text[],
                     $6::text[], $7::boolean[], $8::timestamptz[], $9::bytea[]);

-- name: pages_of(company_id)
-- The stored pages of a company, in the order in which they were read.
SELECT url, status, content_type, charset, truncated, fetched_at, body
FROM pages WHERE company_id = $1 ORDER BY position;

-- name: add_readings(rows)
-- How far sites were read; a later reading of the same company replaces it.
INSERT INTO readings (company_id, website, most_pages, origin, refused, cause, detail, read_at)
SELECT company_id, website, most_pages, origin, missed, cause, detail, read_at
FROM jsonb_to_recordset($1) AS g (
    company_id bigint, website text, most_pages integer, origin text, missed jsonb, cause text,
    detail text, read_at timestamptz)
ON CONFLICT (company_id) DO UPDATE
SET website = excluded.website, most_pages = excluded.most_pages, origin = excluded.origin,
    refused = excluded.refused, cause = excluded.cause, detail = excluded.detail,
    read_at = excluded.read_at;

-- name: reading_of(company_id)
-- How far the site of a company was read.
SELECT website, most_pages, origin, refused AS missed, cause, detail, read_at,
       (SELECT count(*) FROM pages p WHERE p.company_id = r.company_id) AS pages
FROM readings r WHERE company_id = $1;

-- name: recent_reading(website, most_pages, max_age)
-- The newest reading of a site from the network that is whole: nothing ended it early, and no page
-- failed that another time may be there. Or the robots rules forbade all of it, within a day.
SELECT r.company_id, r.website, r.most_pages, r.origin, r.refused AS missed, r.cause, r.detail,
       r.read_at, p.count AS pages
FROM readings r, LATERAL (SELECT count(*) FROM pages WHERE company_id = r.company_id) AS p
WHERE r.website = $1 AND r.most_pages = $2 AND r.origin = ''
  AND r.read_at > now() - make_interval(secs => $3)
  AND CASE WHEN p.count > 0 THEN r.cause = '' AND NOT jsonb_path_exists(r.refused, '$[*] ? (@.kind == "failed")')
      ELSE r.cause = 'robots' AND r.read_at > now() - interval '1 day' END
ORDER BY r.read_at DESC LIMIT 1;

-- name: evidence_of(company_id, subject)
-- The evidence of a company itself (subject '') or of one of its people, without what duplicates
-- say: whether these were found must not change what research makes of a company. Nor must what the
-- stage that asks, or one behind it, said the last time: their items are open or out of date.
SELECT e.field, e.value, e.source_url, e.quote, e.method, e.confidence, e.rule, e.seen_at, e.subject
FROM evidence e
WHERE e.company_id = $1 AND e.subject = $2 AND e.rule NOT LIKE 'duplicate.%' AND NOT EXISTS (
    SELECT FROM items i WHERE i.company_id = $1 AND i.stage = e.stage
    AND (i.stale OR i.state IN ('ready', 'leased')))
ORDER BY e.id;

-- name: absence_counts(run_id, target_quantity, contacts_max)
-- How many companies, or people, lack a field for each reason; `ready`: of those that are or would
-- be given out.
WITH given AS (
    SELECT id FROM companies WHERE run_id = $1 AND status = 'ready' ORDER BY ordinal LIMIT $2
)
SELECT a.subject <> '' AS of_people, a.field, a.kind, count(*) AS count,
       count(*) FILTER (WHERE g.id IS NOT NULL AND (a.subject = '' OR k.position <= $3)) AS ready
FROM absences a JOIN companies c ON c.id = a.company_id
LEFT JOIN given g ON g.id = c.id
LEFT JOIN contacts k ON k.company_id = c.id AND k.key = a.subject
WHERE c.run_id = $1 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;

-- name: company_counts(run_id)
-- Companies of a run by where they stand.
SELECT count(*) AS found,
       count(*) FILTER (WHERE status = 'open') AS open,
       count(*) FILTER (WHERE status = 'ready') AS ready,
       count(*) FILTER (WHERE status = 'rejected') AS rejected,
       count(*) FILTER (WHERE status = 'review') AS review,
       count(*) FILTER (WHERE status = 'failed') AS failed
FROM companies WHERE run_id = $1;

-- name: contact_counts(run_id, target_quantity, contacts_max)
-- Contacts of the companies that would be delivered.
SELECT coalesce(sum(least(k.usable, $3)), 0)::bigint AS ready
FROM (SELECT id FROM companies WHERE run_id = $1 AND status = 'ready' ORDER BY ordinal LIMIT $2) c
JOIN (SELECT company_id, count(*) AS usable FROM contacts
      WHERE run_id = $1 AND verdict IN ('', 'valid') GROUP BY company_id) k ON k.company_id = c.id;

-- name: account(run_id)
-- Every company of a run once: delivered (it is in the newest snapshot that became files), spare
-- (ready, and in no file), or where it stands and for which cause. One that another row stands for
-- is no company of its own.
WITH shot AS (
    SELECT s.id FROM snapshots s WHERE s.run_id = $1 AND EXISTS (
        SELECT FROM artifacts a WHERE a.run_id = s.run_id AND a.created_at >= s.created_at)
    ORDER BY s.id DESC LIMIT 1
), given AS (
    SELECT (r.row ->> 'company_id')::bigint AS id FROM snapshot_rows r JOIN shot s ON s.id = r.snapshot_id
    WHERE r.kind = 'companies'
), placed AS (
    SELECT CASE WHEN c.id IN (SELECT id FROM given) THEN 'delivered'
                WHEN c.status = 'ready' THEN 'spare' ELSE c.status END AS place, c.*
    FROM companies c WHERE c.run_id = $1
      AND NOT EXISTS (SELECT FROM duplicates d WHERE d.discarded_id = c.id)
)
SELECT place AS status, CASE WHEN place IN ('delivered', 'spare') THEN '' ELSE cause END AS cause,
       count(*) AS count, min(reason) AS reason,
       min(coalesce(nullif(domain, ''), name)) AS sample
FROM placed GROUP BY 1, 2 ORDER BY count(*) DESC, 2;

-- name: is_exhausted(run_id)
-- Whether the sources of a run have given all that they hold.
SELECT (result ->> 'exhausted')::boolean FROM items
WHERE run_id = $1 AND company_id IS NULL AND result ? 'exhausted' ORDER BY batch DESC LIMIT 1;

-- name: domains(run_id)
-- The domains of a run.
SELECT domain FROM companies WHERE run_id = $1 AND domain <> '' ORDER BY ordinal;
