-- name: unlimited()
-- This transaction may take as long as it needs.
SELECT set_config('statement_timeout', '0', true);

-- name: named_in(run_id)
-- The addresses and domains that a run names.
SELECT email AS value FROM contacts WHERE run_id = $1 AND email <> ''
UNION
SELECT e.value FROM evidence e JOIN companies c ON c.id = e.company_id
WHERE c.run_id = $1 AND e.field = 'email'
UNION
SELECT domain FROM companies WHERE run_id = $1 AND domain <> '';

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

-- name: blot_names(company_ids, patterns)
-- The names of people in the words about their company and about the colleagues there: one pattern
-- for a company.
WITH given AS MATERIALIZED (
    SELECT * FROM unnest($1::bigint[], $2::text[]) AS given (id, names)
), facts AS (
    UPDATE evidence e SET value = regexp_replace(value, names, '[forgotten]', 'gi'),
                          quote = regexp_replace(quote, names, '[forgotten]', 'gi')
    FROM given g WHERE e.company_id = g.id AND (value ~* names OR quote ~* names)
), people AS (
    UPDATE contacts k
    SET personalization_notes = regexp_replace(personalization_notes, names, '[forgotten]', 'gi')
    FROM given g WHERE k.company_id = g.id AND personalization_notes ~* names
), frozen AS (
    UPDATE snapshot_rows r SET row = regexp_replace(row::text, names, '[forgotten]', 'gi')::jsonb
    FROM given g WHERE (r.row ->> 'company_id')::bigint = g.id AND row::text ~* names
)
UPDATE companies c SET description = regexp_replace(description, names, '[forgotten]', 'gi')
FROM given g WHERE c.id = g.id AND description ~* names;

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

-- name: sweep()
-- For every text, text[] and jsonb column of every table, of whatever is added later too, a
-- statement that overwrites each match in it: $1 the plain needle, sought first because the pattern
-- is slow, $2 the pattern, $3 the replacement.
SELECT c.relname || '.' || a.attname AS place,
       format('UPDATE %1$I SET %2$I = regexp_replace(%2$I::text, $2, $3, ''gi'')::%3$s
               WHERE CASE WHEN position($1 IN lower(%2$I::text)) > 0 THEN %2$I::text ~* $2 END',
              c.relname, a.attname, format_type(a.atttypid, NULL)) AS statement
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = 'sluice'::regnamespace AND c.relkind = 'r'
  AND c.relname NOT IN ('migrations', 'suppressions')
  AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  AND a.atttypid IN ('text'::regtype, 'text[]'::regtype, 'jsonb'::regtype)
ORDER BY c.relname, a.attnum;
