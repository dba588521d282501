-- name: lock(run_id)
-- One snapshot of a run is made at a time.
SELECT pg_advisory_xact_lock(hashtextextended('sluice snapshot ' || $1, 0));

-- name: create(run_id, item_id)
-- A snapshot, in a second of its own; a second try of the same item finds the first one's.
INSERT INTO snapshots (run_id, item_id, created_at)
SELECT $1, $2, greatest(now(), date_trunc('second', max(created_at)) + interval '1 second')
FROM snapshots WHERE run_id = $1
ON CONFLICT (item_id) DO UPDATE SET run_id = excluded.run_id
RETURNING id, created_at, EXISTS (SELECT FROM snapshot_rows r WHERE r.snapshot_id = snapshots.id) AS frozen;

-- name: restore(run_id)
-- What an earlier export left out is judged again by the next one.
WITH cleared AS (
    DELETE FROM absences a USING companies c
    WHERE c.run_id = $1 AND a.company_id = c.id AND a.stage = 'export'
)
UPDATE companies SET status = 'ready', cause = '', reason = ''
WHERE run_id = $1 AND status = 'rejected' AND current_stage = 'export';

-- name: companies_to_check(run_id, after, limit)
-- The next ready companies, as far as the suppression list asks.
SELECT id, ordinal, domain, website, phone, country FROM companies
WHERE run_id = $1 AND status = 'ready' AND ordinal > $2 ORDER BY ordinal LIMIT $3;

-- name: contacts_to_check(company_ids)
-- Their people.
SELECT k.company_id, k.key, k.email, k.phone, c.country FROM contacts k
JOIN companies c ON c.id = k.company_id WHERE k.company_id = ANY ($1::bigint[]);

-- name: withhold_contacts(company_ids, keys, detail)
-- People who are not given out.
INSERT INTO absences (company_id, stage, subject, field, kind, detail)
SELECT company_id, 'export', key, 'full_name', 'withheld', $3
FROM unnest($1::bigint[], $2::text[]) AS given (company_id, key)
ON CONFLICT DO NOTHING;

-- name: starve(run_id, contacts_min)
-- Companies that have too few people left because some are withheld.
UPDATE companies c SET status = 'rejected', current_stage = 'export', cause = 'too_few_contacts',
       reason = left_over.count || ' people left that may be given out, ' || $2 || ' asked for'
FROM (
    SELECT k.company_id, count(*) FILTER (WHERE a.kind IS NULL AND k.verdict IN ('', 'valid')) AS count
    FROM contacts k LEFT JOIN absences a ON a.company_id = k.company_id AND a.stage = 'export'
         AND a.subject = k.key AND a.kind = 'withheld'
    WHERE k.run_id = $1 GROUP BY k.company_id HAVING count(a.kind) > 0
) AS left_over
WHERE c.id = left_over.company_id AND c.status = 'ready' AND left_over.count < $2::integer;

-- name: strike(snapshot_id)
-- Take out of a frozen snapshot what may no longer be given out; the rest keeps its order.
DELETE FROM snapshot_rows r USING companies c
WHERE r.snapshot_id = $1 AND c.id = (r.row ->> 'company_id')::bigint
  AND (c.status = 'rejected' AND c.current_stage = 'export' OR r.kind = 'contacts' AND EXISTS (
      SELECT FROM absences a WHERE a.company_id = c.id AND a.stage = 'export'
      AND a.subject = r.row ->> 'contact_key' AND a.kind = 'withheld'));

-- name: freeze_companies(snapshot_id, run_id, quantity)
-- The first `quantity` ready companies in the order of discovery; created_at is when the newest of
-- the pages that the row is made of was fetched. A cell without evidence stays
-- out; "<column>_source" says where its value was seen.
WITH chosen AS (
    SELECT *, row_number() OVER (ORDER BY ordinal) AS position
    FROM companies WHERE run_id = $2 AND status = 'ready' ORDER BY ordinal LIMIT $3
), seen AS (
    SELECT DISTINCT ON (e.company_id, e.field) e.company_id, e.field, e.source_url
    FROM evidence e JOIN chosen c ON c.id = e.company_id
    WHERE e.subject = '' AND e.rule NOT LIKE 'duplicate.%'
    ORDER BY e.company_id, e.field,
             e.value = CASE e.field WHEN 'company_name' THEN c.name
                       ELSE to_jsonb(c) ->> e.field END DESC NULLS LAST,
             e.confidence DESC, e.id
), sources AS (
    SELECT company_id, jsonb_object_agg(field, source_url) AS by_field FROM seen GROUP BY company_id
), gaps AS (
    SELECT a.company_id, jsonb_object_agg(a.field, a.kind || ': ' || a.detail) AS by_field
    FROM absences a JOIN chosen c ON c.id = a.company_id WHERE a.subject = '' GROUP BY a.company_id
)
INSERT INTO snapshot_rows (snapshot_id, kind, position, row)
SELECT $1, 'companies', c.position, cells.row
    || jsonb_build_object('company_id', c.id,
                          'created_at', coalesce(newest.fetched_at, c.created_at),
                          'created_at_source', coalesce(newest.url, 'the run'),
                          'suppression_checked_at', now())
FROM chosen c LEFT JOIN sources s ON s.company_id = c.id LEFT JOIN gaps g ON g.company_id = c.id
LEFT JOIN LATERAL (
    SELECT p.url, p.fetched_at FROM pages p WHERE p.company_id = c.id
    ORDER BY p.fetched_at DESC, p.position LIMIT 1
) AS newest ON true,
LATERAL (
    SELECT coalesce(jsonb_object_agg(k, v) FILTER (WHERE shown), '{}')
        || jsonb_object_agg(k || '_source', CASE WHEN shown THEN s.by_field -> k
            ELSE to_jsonb(coalesce(g.by_field ->> k, 'not_looked: nothing is stored about it')) END) AS row
    FROM (
        SELECT k, v, coalesce(s.by_field ? k, false)
            AND v NOT IN ('""'::jsonb, 'null'::jsonb, '[]'::jsonb) AS shown
        FROM jsonb_each(jsonb_build_object(
            'company_name', c.name, 'domain', c.domain, 'website', c.website, 'state', c.state,
            'pms_detected', c.pms_detected, 'units_estimate', c.units_estimate,
            'company_type', c.company_type, 'description', c.description,
            'discovery_source', c.discovery_source, 'icp_fit', c.icp_fit, 'icp_tier', c.icp_tier,
            'icp_confidence', c.icp_confidence::numeric, 'disqualifiers', c.disqualifiers)) AS cell (k, v)
    ) AS each
) AS cells;

-- name: freeze_contacts(snapshot_id, contacts_max)
-- The best contacts of the frozen companies, without those that are withheld or objected to.
WITH given AS (
    SELECT k.*, r.position AS company_position, r.row AS company,
           row_number() OVER (PARTITION BY k.company_id ORDER BY k.position) AS place
    FROM snapshot_rows r JOIN contacts k ON k.company_id = (r.row ->> 'company_id')::bigint
    WHERE r.snapshot_id = $1 AND r.kind = 'companies' AND k.verdict IN ('', 'valid') AND NOT EXISTS (
        SELECT FROM absences a WHERE a.company_id = k.company_id AND a.stage = 'export'
        AND a.subject = k.key AND a.kind = 'withheld')
), chosen AS (
    SELECT * FROM given WHERE place <= $2
), seen AS (
    SELECT DISTINCT ON (e.company_id, e.subject, e.field)
           e.company_id, e.subject, e.field, e.source_url
    FROM evidence e JOIN chosen k ON k.company_id = e.company_id AND k.key = e.subject
    ORDER BY e.company_id, e.subject, e.field, e.confidence DESC, e.id
), sources AS (
    SELECT company_id, subject, jsonb_object_agg(field, source_url) AS by_field
    FROM seen GROUP BY company_id, subject
), gaps AS (
    SELECT a.company_id, a.subject, jsonb_object_agg(a.field, a.kind || ': ' || a.detail) AS by_field
    FROM absences a JOIN chosen k ON k.company_id = a.company_id AND k.key = a.subject
    GROUP BY a.company_id, a.subject
)
INSERT INTO snapshot_rows (snapshot_id, kind, position, row)
SELECT $1, 'contacts', row_number() OVER (ORDER BY k.company_position, k.position), cells.row
    || jsonb_strip_nulls(jsonb_build_object(
        'company_name', k.company -> 'company_name', 'company_domain', k.company -> 'domain',
        'company_website', k.company -> 'website', 'company_state', k.company -> 'state',
        'company_name_source', k.company -> 'company_name_source',
        'company_domain_source', k.company -> 'domain_source',
        'company_website_source', k.company -> 'website_source',
        'company_state_source', k.company -> 'state_source'))
    || jsonb_build_object('company_id', k.company_id, 'contact_key', k.key,
                          'created_at', k.company -> 'created_at',
                          'created_at_source', k.company -> 'created_at_source', 'suppression_checked_at', now())
FROM chosen k
LEFT JOIN sources s ON s.company_id = k.company_id AND s.subject = k.key
LEFT JOIN gaps g ON g.company_id = k.company_id AND g.subject = k.key,
LATERAL (
    SELECT coalesce(jsonb_object_agg(k, v) FILTER (WHERE shown), '{}')
        || jsonb_object_agg(k || '_source', CASE WHEN shown THEN s.by_field -> k
            ELSE to_jsonb(coalesce(g.by_field ->> k, 'not_looked: nothing is stored about it')) END) AS row
    FROM (
        SELECT k, v, coalesce(s.by_field ? k, false)
            AND v NOT IN ('""'::jsonb, 'null'::jsonb, '[]'::jsonb) AS shown
        FROM jsonb_each(jsonb_build_object(
            'full_name', k.full_name, 'title', k.title, 'email', k.email,
            'linkedin_url', k.linkedin_url, 'department', k.department, 'seniority', k.seniority,
            'quality_score', k.quality_score, 'personalization_notes', k.personalization_notes)) AS cell (k, v)
    ) AS each
) AS cells;

-- name: sources(snapshot_id)
-- Which source the frozen companies come from.
SELECT c.discovery_source, count(*) AS companies
FROM snapshot_rows r JOIN companies c ON c.id = (r.row ->> 'company_id')::bigint
WHERE r.snapshot_id = $1 AND r.kind = 'companies' GROUP BY 1 ORDER BY 1;

-- name: rows(snapshot_id, kind, after, limit)
-- The next rows of one kind, in order.
SELECT position, row FROM snapshot_rows
WHERE snapshot_id = $1 AND kind = $2 AND position > $3 ORDER BY position LIMIT $4;

-- name: add_artifacts(run_id, kinds, paths, rows, sums)
-- Files that were written.
INSERT INTO artifacts (run_id, kind, path, rows, sha256)
SELECT $1, * FROM unnest($2::text[], $3::text[], $4::integer[], $5::text[])
ON CONFLICT (run_id, path) DO UPDATE SET rows = excluded.rows, sha256 = excluded.sha256, created_at = now();

-- name: artifacts(run_id)
-- The files of a run, newest first.
SELECT kind, path, rows, sha256, created_at FROM artifacts WHERE run_id = $1
ORDER BY created_at DESC, kind;
