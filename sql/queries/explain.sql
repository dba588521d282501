-- name: company(run_id, names)
-- A company of a run by domain or by name, in lower case; where it stands among those that are
-- ready, and its row in the newest export (null: none).
WITH newest AS (SELECT max(id) AS id FROM snapshots WHERE run_id = $1)
SELECT to_jsonb(c) - 'run_id' AS company,
       newest.id IS NOT NULL AS exported,
       r.position AS row, r.row ->> 'suppression_checked_at' AS suppression_checked_at,
       (SELECT count(*) FROM companies o
        WHERE o.run_id = $1 AND o.status = 'ready' AND o.ordinal < c.ordinal) AS ready_before
FROM companies c CROSS JOIN newest
LEFT JOIN snapshot_rows r ON r.snapshot_id = newest.id AND r.kind = 'companies'
     AND (r.row ->> 'company_id')::bigint = c.id
WHERE c.run_id = $1 AND (c.domain = ANY ($2::text[]) OR lower(c.name) = ANY ($2::text[]))
ORDER BY c.domain = ANY ($2::text[]) DESC, c.ordinal LIMIT 1;

-- name: names(run_id, limit)
-- What companies of a run can be asked for by.
SELECT coalesce(nullif(domain, ''), lower(name)) AS name FROM companies
WHERE run_id = $1 ORDER BY ordinal LIMIT $2;

-- name: people(company_id)
-- The people of a company, best first, and whether the newest export holds them.
SELECT to_jsonb(k) - 'run_id' - 'company_id' AS person, r.row IS NOT NULL AS exported,
       r.row ->> 'suppression_checked_at' AS suppression_checked_at
FROM contacts k
LEFT JOIN snapshot_rows r ON r.kind = 'contacts' AND r.row ->> 'contact_key' = k.key
     AND (r.row ->> 'company_id')::bigint = k.company_id
     AND r.snapshot_id = (SELECT max(id) FROM snapshots s WHERE s.run_id = k.run_id)
WHERE k.company_id = $1 ORDER BY k.position;

-- name: duplicates(company_id)
-- The rows that were found to be this company, in the order in which they were found.
SELECT name, discovery_source AS source, source_ref, rule, reasons,
       score::numeric::float8 AS confidence, found_at
FROM duplicates WHERE company_id = $1 ORDER BY id;

-- name: evidence(company_id)
-- Every fact about a company and its people, the surest first.
SELECT subject, field, value, source_url, quote, method, confidence::numeric::float8 AS confidence, rule,
       seen_at, stage
FROM evidence WHERE company_id = $1 ORDER BY subject, field, confidence DESC, id;

-- name: absences(company_id)
-- Why fields of a company and its people are empty.
SELECT subject, field, kind, detail, stage FROM absences
WHERE company_id = $1 ORDER BY subject, field;
