-- name: rows(run_id)
-- What waits for a person: companies whose item is in review, and people that a check is not sure of.
-- A company that waits for the latter stands in the sheet by its people alone.
SELECT 'company-' || i.id AS id, i.id AS key, i.stage, c.ordinal, 0 AS position, c.name AS company,
       c.domain, c.website, c.city, c.state, '' AS person, '' AS title, '' AS email, '' AS phone,
       i.reason
FROM items i JOIN companies c ON c.id = i.company_id
WHERE i.run_id = $1 AND i.state = 'review' AND NOT i.stale AND i.cause <> 'contacts_in_review'
UNION ALL
SELECT 'contact-' || k.id, k.id, 'contact_validation', c.ordinal, k.position, c.name, c.domain,
       c.website, c.city, c.state, k.full_name, k.title, k.email, k.phone,
       (SELECT string_agg(r ->> 'reason', '; ') FROM jsonb_array_elements(k.reasons) AS r
        WHERE r ->> 'verdict' = 'review')
FROM contacts k JOIN companies c ON c.id = k.company_id
WHERE k.run_id = $1 AND k.verdict = 'review' AND c.status NOT IN ('rejected', 'failed')
ORDER BY ordinal, position;

-- name: decide_companies(ids, approved, reasons, notes)
-- Items in review are done or skipped, as a person said; their companies follow.
WITH given AS (
    SELECT * FROM unnest($1::bigint[], $2::boolean[], $3::text[], $4::jsonb[])
        AS given (id, approved, reason, note)
), decided AS (
    UPDATE items i
    SET state = CASE WHEN g.approved THEN 'done' ELSE 'skipped' END,
        cause = CASE WHEN g.approved THEN 'approved' ELSE 'rejected_by_person' END,
        reason = g.reason,
        result = CASE WHEN i.result ? 'counts' THEN i.result || jsonb_build_object('counts',
            jsonb_build_object('total', 1, 'valid', g.approved::integer,
                               'invalid', 1 - g.approved::integer, 'review', 0)) ELSE i.result END
    FROM given g WHERE i.id = g.id AND i.state = 'review'
    RETURNING i.id, i.company_id, i.stage, i.state, g.approved, g.reason, g.note
), followed AS (
    UPDATE companies c
    SET verdict = CASE WHEN d.approved THEN 'valid' ELSE 'invalid' END,
        reasons = c.reasons || d.note,
        status = CASE WHEN d.approved THEN 'open' ELSE 'rejected' END,
        cause = CASE WHEN d.approved THEN '' ELSE 'rejected_by_person' END,
        reason = CASE WHEN d.approved THEN '' ELSE d.reason END
    FROM decided d WHERE c.id = d.company_id
)
SELECT stage FROM decided WHERE approved;

-- name: decide_contacts(ids, verdicts, notes)
-- People whom a person looked at; the companies that they are of.
UPDATE contacts k SET verdict = g.verdict, reasons = k.reasons || g.note
FROM unnest($1::bigint[], $2::text[], $3::jsonb[]) AS g (id, verdict, note)
WHERE k.id = g.id AND k.verdict = 'review' RETURNING k.company_id;

-- name: recount(company_ids, least)
-- Contact validation of these companies, counted again. One that waited goes on when its people are
-- enough now, and is out when they cannot be any more.
WITH people AS (
    SELECT company_id, count(*) AS total, count(*) FILTER (WHERE verdict = 'valid') AS valid,
           count(*) FILTER (WHERE verdict = 'invalid') AS invalid,
           count(*) FILTER (WHERE verdict = 'review') AS review
    FROM contacts WHERE company_id = ANY ($1::bigint[]) GROUP BY company_id
), counted AS (
    UPDATE items i
    SET result = coalesce(i.result, '{}') || jsonb_build_object('counts', jsonb_build_object(
            'total', p.total, 'valid', p.valid, 'invalid', p.invalid, 'review', p.review)),
        state = CASE WHEN i.state <> 'review' THEN i.state WHEN p.valid >= $2 THEN 'done'
                WHEN p.valid + p.review < $2 THEN 'skipped' ELSE i.state END
    FROM people p, items old
    WHERE i.company_id = p.company_id AND i.stage = 'contact_validation' AND old.id = i.id
      AND i.state IN ('done', 'review') AND NOT i.stale
    RETURNING i.company_id, i.stage, i.state, old.state AS before, p.valid
), followed AS (
    UPDATE companies c
    SET status = CASE d.state WHEN 'done' THEN 'open' ELSE 'rejected' END,
        cause = CASE d.state WHEN 'done' THEN '' ELSE 'too_few_valid_contacts' END,
        reason = CASE d.state WHEN 'done' THEN ''
                 ELSE d.valid || ' people hold, ' || $2 || ' asked for' END
    FROM counted d WHERE c.id = d.company_id AND d.before = 'review' AND d.state <> 'review'
)
SELECT stage, before, state FROM counted WHERE state = 'done';
