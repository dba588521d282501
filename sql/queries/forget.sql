-- name: unlimited()
-- This transaction may take as long as it needs.
SELECT set_config('statement_timeout', '0', true);

-- name: companies(domain)
-- The companies of a domain and of all below it.
SELECT id FROM companies
WHERE $1 <> '' AND (domain = $1 OR right(domain, length($1) + 1) = '.' || $1);

-- name: people(address, domain)
-- People with this address, "+tags" aside, or with one at this domain or below it.
SELECT company_id, key, full_name FROM contacts
WHERE $1 <> '' AND lower(regexp_replace(email, '\+[^@]*@', '@')) = $1
   OR $2 <> '' AND lower(email) ~ ('[@.]' || replace($2, '.', '\.') || '$')
UNION
SELECT company_id, subject, '' FROM evidence
WHERE subject <> '' AND field = 'email'
  AND ($1 <> '' AND lower(regexp_replace(value, '\+[^@]*@', '@')) = $1
       OR $2 <> '' AND lower(value) ~ ('[@.]' || replace($2, '.', '\.') || '$'));

-- name: files(company_ids, owners, keys, needle, pattern)
-- Files that were written from snapshots which hold any of this, and folders of stored pages.
WITH touched AS (
    SELECT DISTINCT s.run_id FROM snapshot_rows r JOIN snapshots s ON s.id = r.snapshot_id
    WHERE (r.row ->> 'company_id')::bigint = ANY ($1::bigint[])
       OR ((r.row ->> 'company_id')::bigint, r.row ->> 'contact_key') IN (
           SELECT * FROM unnest($2::bigint[], $3::text[]))
       OR position($4 IN lower(r.row::text)) > 0 AND r.row::text ~* $5
), read AS (
    SELECT DISTINCT run_id FROM companies WHERE id = ANY ($1::bigint[] || $2::bigint[])
)
SELECT path FROM artifacts WHERE run_id IN (SELECT run_id FROM touched)
UNION
SELECT r.request ->> 'archive_dir' FROM runs r
WHERE r.id IN (SELECT run_id FROM read) AND r.request ->> 'archive_dir' <> ''
ORDER BY 1;

-- name: delete_snapshot_rows(company_ids, owners, keys)
-- Rows of these companies, and of these people.
DELETE FROM snapshot_rows r
WHERE (r.row ->> 'company_id')::bigint = ANY ($1::bigint[])
   OR ((r.row ->> 'company_id')::bigint, r.row ->> 'contact_key') IN (
       SELECT * FROM unnest($2::bigint[], $3::text[]));

-- name: delete_context(company_ids)
-- What was gathered about the domains of these companies.
DELETE FROM context_items x USING companies c
WHERE x.domain <> '' AND x.domain = c.domain AND c.id = ANY ($1::bigint[]);

-- name: delete_log(company_ids)
-- What was done for these companies.
DELETE FROM stage_log l USING items i
WHERE i.id = l.item_id AND i.company_id = ANY ($1::bigint[]);

-- name: delete_companies(company_ids)
-- These companies, with everything that hangs on them.
DELETE FROM companies WHERE id = ANY ($1::bigint[]);

-- name: delete_people(owners, keys)
-- These people.
DELETE FROM contacts k USING unnest($1::bigint[], $2::text[]) AS given (company_id, key)
WHERE k.company_id = given.company_id AND k.key = given.key;

-- name: delete_evidence(owners, keys)
-- Facts about these people.
DELETE FROM evidence e USING unnest($1::bigint[], $2::text[]) AS given (company_id, key)
WHERE e.company_id = given.company_id AND e.subject = given.key;

-- name: delete_absences(owners, keys)
-- What is not known of these people.
DELETE FROM absences a USING unnest($1::bigint[], $2::text[]) AS given (company_id, key)
WHERE a.company_id = given.company_id AND a.subject = given.key;

-- name: blot_name(company_id, name)
-- The name of a person in the words about the company and about the colleagues there.
WITH facts AS (
    UPDATE evidence SET value = regexp_replace(value, $2, '[forgotten]', 'gi'),
                        quote = regexp_replace(quote, $2, '[forgotten]', 'gi')
    WHERE company_id = $1 AND (value ~* $2 OR quote ~* $2)
), people AS (
    UPDATE contacts SET personalization_notes = regexp_replace(personalization_notes, $2, '[forgotten]', 'gi')
    WHERE company_id = $1 AND personalization_notes ~* $2
), rows AS (
    UPDATE snapshot_rows SET row = regexp_replace(row::text, $2, '[forgotten]', 'gi')::jsonb
    WHERE (row ->> 'company_id')::bigint = $1 AND row::text ~* $2
)
UPDATE companies SET description = regexp_replace(description, $2, '[forgotten]', 'gi')
WHERE id = $1 AND description ~* $2;

-- name: delete_pages_of(company_ids)
-- The stored pages of these companies.
DELETE FROM pages WHERE company_id = ANY ($1::bigint[]);

-- name: delete_readings(company_ids)
-- Without its pages a reading must not be used again.
DELETE FROM readings WHERE company_id = ANY ($1::bigint[]);

-- name: next_pages(company_id, position, limit)
-- The next stored pages, all companies.
SELECT company_id, position, body FROM pages WHERE (company_id, position) > ($1, $2)
ORDER BY company_id, position LIMIT $3;

-- name: delete_pages(company_ids, positions)
-- These pages.
DELETE FROM pages p USING unnest($1::bigint[], $2::integer[]) AS given (company_id, position)
WHERE p.company_id = given.company_id AND p.position = given.position;

-- name: redact(needle, pattern, replacement)
-- Every match that is left in any text of any table.
SELECT place, hits FROM redact($1, $2, $3);
