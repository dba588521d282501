-- name: offer_secret(value)
-- The key of the digests: made once for a database, by whoever needs it first.
INSERT INTO secrets (name, value) VALUES ('suppressions', $1) ON CONFLICT DO NOTHING;

-- name: state()
-- The key, if there is one, the kinds of what is on the list, and whether any of it was forgotten.
SELECT (SELECT value FROM secrets WHERE name = 'suppressions') AS secret,
       ARRAY(SELECT DISTINCT kind FROM suppressions) AS kinds,
       EXISTS (SELECT FROM suppressions WHERE erased) AS forgets;

-- name: add(digests, kinds, reason, erased)
-- New ones with their reason; what is there already keeps its reason and its day.
INSERT INTO suppressions (digest, kind, reason, erased)
SELECT digest, kind, $3, $4 FROM unnest($1::bytea[], $2::text[]) AS given (digest, kind)
ON CONFLICT (digest) DO UPDATE SET erased = suppressions.erased OR excluded.erased
RETURNING xmax = 0 AS is_new;

-- name: remove(digests)
-- No longer suppressed.
DELETE FROM suppressions WHERE digest = ANY ($1::bytea[]) RETURNING kind;

-- name: matching(digests)
-- Which of these are on the list.
SELECT digest, erased, reason, created_at FROM suppressions WHERE digest = ANY ($1::bytea[]);

-- name: list()
-- How many were added on which day for which reason.
SELECT created_at::date AS day, kind, reason, count(*) AS count FROM suppressions
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
