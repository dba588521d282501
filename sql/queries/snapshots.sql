-- name: create(run_id, item_id)
-- A snapshot; a second try of the same item finds the first one's.
INSERT INTO snapshots (run_id, item_id) VALUES ($1, $2)
ON CONFLICT (item_id) DO UPDATE SET run_id = excluded.run_id
RETURNING id, created_at, EXISTS (SELECT FROM snapshot_rows r WHERE r.snapshot_id = snapshots.id) AS frozen;

-- name: freeze_companies(snapshot_id, run_id, quantity)
-- The first `quantity` ready companies in the order of discovery. A cell without evidence stays
-- out; "<column>_source" says where its value was seen.
WITH chosen AS (
    SELECT *, row_number() OVER (ORDER BY ordinal) AS position
    FROM companies WHERE run_id = $2 AND status = 'ready' ORDER BY ordinal LIMIT $3
), seen AS (
    SELECT DISTINCT ON (e.company_id, e.field) e.company_id, e.field, e.source_url
    FROM evidence e JOIN chosen c ON c.id = e.company_id
    WHERE e.subject = ''
    ORDER BY e.company_id, e.field,
             e.value = CASE e.field WHEN 'company_name' THEN c.name
                       ELSE to_jsonb(c) ->> e.field END DESC NULLS LAST,
             e.confidence DESC, e.id
), sources AS (
    SELECT company_id, jsonb_object_agg(field, source_url) AS by_field FROM seen GROUP BY company_id
)
INSERT INTO snapshot_rows (snapshot_id, kind, position, row)
SELECT $1, 'companies', c.position,
    coalesce((SELECT jsonb_object_agg(k, v) FROM jsonb_each(jsonb_build_object(
        'company_name', c.name, 'domain', c.domain, 'website', c.website, 'state', c.state,
        'pms_detected', c.pms_detected, 'units_estimate', c.units_estimate,
        'company_type', c.company_type, 'description', c.description,
        'discovery_source', c.discovery_source, 'icp_fit', c.icp_fit, 'icp_tier', c.icp_tier,
        'icp_confidence', c.icp_confidence::numeric, 'disqualifiers', c.disqualifiers)) AS cell (k, v)
        WHERE s.by_field ? k), '{}')
    || coalesce((SELECT jsonb_object_agg(k || '_source', v) FROM jsonb_each(s.by_field) AS cell (k, v)), '{}')
    || jsonb_build_object('company_id', c.id, 'created_at', c.created_at)
FROM chosen c LEFT JOIN sources s ON s.company_id = c.id;

-- name: freeze_contacts(snapshot_id, contacts_max)
-- The best contacts of the frozen companies.
WITH chosen AS (
    SELECT k.*, r.position AS company_position, r.row AS company
    FROM snapshot_rows r JOIN contacts k ON k.company_id = (r.row ->> 'company_id')::bigint
    WHERE r.snapshot_id = $1 AND r.kind = 'companies' AND k.position <= $2
), seen AS (
    SELECT DISTINCT ON (e.company_id, e.subject, e.field)
           e.company_id, e.subject, e.field, e.source_url
    FROM evidence e JOIN chosen k ON k.company_id = e.company_id AND k.key = e.subject
    ORDER BY e.company_id, e.subject, e.field, e.confidence DESC, e.id
), sources AS (
    SELECT company_id, subject, jsonb_object_agg(field, source_url) AS by_field
    FROM seen GROUP BY company_id, subject
)
INSERT INTO snapshot_rows (snapshot_id, kind, position, row)
SELECT $1, 'contacts', row_number() OVER (ORDER BY k.company_position, k.position),
    coalesce((SELECT jsonb_object_agg(n, v) FROM jsonb_each(jsonb_build_object(
        'full_name', k.full_name, 'title', k.title, 'email', k.email,
        'linkedin_url', k.linkedin_url, 'department', k.department, 'seniority', k.seniority,
        'quality_score', k.quality_score,
        'personalization_notes', k.personalization_notes)) AS cell (n, v)
        WHERE s.by_field ? n), '{}')
    || coalesce((SELECT jsonb_object_agg(n || '_source', v) FROM jsonb_each(s.by_field) AS cell (n, v)), '{}')
    || jsonb_strip_nulls(jsonb_build_object(
        'company_name', k.company -> 'company_name', 'company_domain', k.company -> 'domain',
        'company_website', k.company -> 'website', 'company_state', k.company -> 'state',
        'company_name_source', k.company -> 'company_name_source',
        'company_domain_source', k.company -> 'domain_source',
        'company_website_source', k.company -> 'website_source',
        'company_state_source', k.company -> 'state_source'))
    || jsonb_build_object('created_at', k.created_at)
FROM chosen k LEFT JOIN sources s ON s.company_id = k.company_id AND s.subject = k.key;

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
