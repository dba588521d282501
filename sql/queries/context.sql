-- name: clear(run_id)
-- The context of a run is replaced as a whole.
DELETE FROM context_items WHERE run_id = $1;

-- name: add(run_id, kinds, names, domains, bodies)
-- What is known, in order.
INSERT INTO context_items (run_id, kind, name, domain, body)
SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]);

-- name: list(run_id, limit)
-- What a run knew before it began, with sizes.
SELECT kind, name, domain, size, count(*) OVER () AS total, sum(size) OVER () AS characters
FROM context_items WHERE run_id = $1 ORDER BY id LIMIT $2;

-- name: earlier_research(run_id, sources, limit)
-- What the five newest runs over one of these sources found out about companies: the latest of each
-- domain.
WITH runs_before AS (
    SELECT r.id, r.created_at FROM runs r
    WHERE r.id <> $1 AND r.status = 'completed' AND r.request -> 'sources' ?| $2::text[]
    ORDER BY r.created_at DESC LIMIT 5
)
SELECT DISTINCT ON (c.domain) c.domain, c.name, c.city, c.state, c.status, c.cause, c.pms_detected,
       c.units_estimate, c.company_type, left(c.description, 300) AS description,
       left(b.id::text, 8) AS run, to_char(b.created_at, 'YYYY-MM-DD') AS day
FROM runs_before b JOIN companies c ON c.run_id = b.id
WHERE c.domain <> '' AND c.status IN ('ready', 'rejected')
ORDER BY c.domain, b.created_at DESC LIMIT $3;

-- name: suppressed()
-- How many entries the suppression list has of each kind.
SELECT kind, count(*) AS count FROM suppressions GROUP BY kind ORDER BY kind;

-- name: of_company(run_id, domain, words)
-- What concerns a company: what is about its domain, then the rules, then notes by how well its
-- words rank (`words` is a tsquery).
SELECT kind, name, domain, size, body,
       CASE WHEN domain = $2 AND $2 <> '' THEN 2 WHEN kind = 'icp' THEN 1
            ELSE ts_rank(words, $3::text::tsquery) END::float8 AS rank
FROM context_items
WHERE run_id = $1 AND (domain = $2 AND $2 <> '' OR domain = '' AND kind = 'icp'
                       OR kind = 'note' AND words @@ $3::text::tsquery)
ORDER BY rank DESC, id LIMIT 100;

-- name: company(run_id, domain)
-- One company of a run.
SELECT * FROM companies WHERE run_id = $1 AND domain = $2;
