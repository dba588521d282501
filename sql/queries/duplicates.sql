-- name: known(run_id, keys)
-- Companies of a run that have one of these keys, in their order, as their source gave them.
WITH hit AS (
    SELECT company_id, array_agg(key) AS keys FROM company_keys
    WHERE run_id = $1 AND key = ANY ($2::bigint[]) GROUP BY company_id
)
SELECT c.id, hit.keys, c.source_ref,
       EXISTS (SELECT FROM duplicates d WHERE d.discarded_id = c.id) AS replaced,
       (SELECT jsonb_object_agg(e.field, e.value) FROM evidence e
        WHERE e.company_id = c.id AND e.subject = '' AND e.rule LIKE 'source.%') AS facts
FROM hit JOIN companies c ON c.id = hit.company_id ORDER BY c.ordinal;

-- name: delivered(run_id, keys, most)
-- Companies that earlier runs delivered and that have one of these keys, the newest first; of one
-- key at most so many.
WITH runs_delivered AS (
    SELECT DISTINCT run_id FROM artifacts WHERE kind = 'companies_csv' AND run_id <> $1
), hit AS (
    SELECT near.company_id, array_agg(asked.key) AS keys
    FROM unnest($2::bigint[]) AS asked (key) CROSS JOIN LATERAL (
        SELECT k.company_id FROM company_keys k
        WHERE k.key = asked.key AND k.run_id IN (SELECT run_id FROM runs_delivered)
          AND EXISTS (SELECT FROM snapshot_rows r WHERE r.kind = 'companies'
                      AND (r.row ->> 'company_id')::bigint = k.company_id)
        ORDER BY k.company_id DESC LIMIT $3) AS near
    GROUP BY near.company_id
)
SELECT c.id, hit.keys, c.run_id, c.name, c.domain,
       (SELECT max(s.created_at) FROM snapshot_rows r JOIN snapshots s ON s.id = r.snapshot_id
        WHERE r.kind = 'companies' AND (r.row ->> 'company_id')::bigint = c.id) AS delivered_at,
       (SELECT jsonb_object_agg(e.field, e.value) FROM evidence e
        WHERE e.company_id = c.id AND e.subject = '' AND e.rule LIKE 'source.%') AS facts
FROM hit JOIN companies c ON c.id = hit.company_id ORDER BY c.id DESC;

-- name: add_keys(run_id, keys, company_ids)
-- What new companies are compared by.
INSERT INTO company_keys (key, run_id, company_id)
SELECT key, $1, company_id FROM unnest($2::bigint[], $3::bigint[]) AS given (key, company_id)
ON CONFLICT DO NOTHING;

-- name: nameless(run_id, names)
-- Which of these forgotten companies a run counts already.
SELECT name FROM companies WHERE run_id = $1 AND name = ANY ($2::text[]) AND source_ref = name;

-- name: add(run_id, rows)
-- Rows that are a company of the run already, with the reasons; those that were not known as such.
INSERT INTO duplicates (run_id, company_id, discarded_id, name, discovery_source, source_ref, rule,
                        reasons, score)
SELECT $1, company_id, discarded_id, name, discovery_source, source_ref, rule, reasons, score
FROM jsonb_to_recordset($2) AS given (
    company_id bigint, discarded_id bigint, name text, discovery_source text, source_ref text,
    rule text, reasons text[], score real)
WHERE NOT EXISTS (SELECT FROM duplicates d WHERE d.company_id = given.company_id
                  AND d.source_ref = given.source_ref AND d.name = given.name)
RETURNING company_id, source_ref;

-- name: add_replaced(run_id, stage, rows)
-- Companies without a website that a row with one took the place of; what their source said is
-- further evidence of it.
WITH replaced AS (
    SELECT given.*, c.name, c.discovery_source, c.source_ref
    FROM jsonb_to_recordset($3) AS given (
        company_id bigint, discarded_id bigint, rule text, reasons text[], score real)
    JOIN companies c ON c.id = given.discarded_id
), further AS (
    INSERT INTO evidence (company_id, stage, subject, field, value, source_url, quote, method,
                          confidence, rule, seen_at)
    SELECT r.company_id, e.stage, e.subject, e.field, e.value, e.source_url, e.quote, e.method,
           e.confidence, 'duplicate.' || regexp_replace(e.rule, '^(source|duplicate)[.]', ''),
           e.seen_at
    FROM replaced r JOIN evidence e ON e.company_id = r.discarded_id
    WHERE e.stage = $2 AND e.method = 'source' ORDER BY e.id
)
INSERT INTO duplicates (run_id, company_id, discarded_id, name, discovery_source, source_ref, rule,
                        reasons, score)
SELECT $1, company_id, discarded_id, name, discovery_source, source_ref, rule, reasons, score
FROM replaced;

-- name: counts(run_id)
-- Rows that were found to be another one, by the rule that spoke loudest.
SELECT rule AS what, count(*) AS count, min(name) AS sample FROM duplicates WHERE run_id = $1
GROUP BY rule ORDER BY count(*) DESC, rule;

-- name: disagreements(run_id, rules)
-- Companies of which two rows say different things, by what it is.
SELECT split_part(reason, '.', 1) AS what, count(DISTINCT company_id) AS count, min(name) AS sample
FROM duplicates CROSS JOIN unnest(reasons) AS reason
WHERE run_id = $1 AND reason = ANY ($2::text[]) GROUP BY 1 ORDER BY 2 DESC, 1;

-- name: delivered_before(run_id)
-- Companies of a run that an earlier one delivered, by that run.
SELECT e.value AS what, count(*) AS count,
       min(coalesce(nullif(c.domain, ''), c.name)) AS sample
FROM companies c JOIN evidence e ON e.company_id = c.id
WHERE c.run_id = $1 AND e.subject = '' AND e.field = 'delivered_earlier'
GROUP BY e.value ORDER BY e.value;
