-- name: company(company_id)
-- What the checks of a company look at beside its row: how many pages, and the first of them; whether
-- the site states a name; what a person decided about it; the companies that the run found before
-- this one and that have name, phone or domain in common with it.
WITH this AS (SELECT * FROM companies WHERE id = $1), alike AS (
    SELECT c.id FROM this JOIN companies c ON c.run_id = this.run_id AND lower(c.name) = lower(this.name)
    UNION SELECT c.id FROM this JOIN companies c ON c.run_id = this.run_id AND c.phone = this.phone
    AND c.phone <> ''
    UNION SELECT c.id FROM this JOIN companies c ON c.run_id = this.run_id AND c.domain = this.domain
    AND c.domain <> ''
)
SELECT (SELECT count(*) FROM pages WHERE company_id = $1) AS pages,
       EXISTS (SELECT FROM evidence e WHERE e.company_id = $1 AND e.subject = ''
               AND e.field = 'company_name' AND e.method <> 'source') AS names_itself,
       jsonb_path_query_array(this.reasons, '$[*] ? (@.check == "person")') AS decided,
       (SELECT jsonb_agg(to_jsonb(c) ORDER BY c.ordinal) FROM alike JOIN companies c USING (id)
        WHERE c.ordinal < this.ordinal) AS earlier,
       p.url, p.status, p.content_type, p.charset, p.truncated, p.fetched_at, p.body
FROM this
LEFT JOIN LATERAL (SELECT * FROM pages WHERE company_id = $1 ORDER BY position LIMIT 1) p ON true;

-- name: contacts(company_id)
-- The people of a company, best first, each with when a page last showed them and who before them
-- has the address.
SELECT k.key, k.full_name, k.title, k.email, k.email_status, k.phone, k.linkedin_url, k.department,
       k.seniority, k.quality_score, k.quality_parts, k.personalization_notes,
       jsonb_path_query_array(k.reasons, '$[*] ? (@.check == "person")') AS decided,
       (SELECT max(e.seen_at) FROM evidence e
        WHERE e.company_id = k.company_id AND e.subject = k.key) AS seen_at,
       ARRAY(SELECT o.full_name FROM contacts o
             WHERE k.email <> '' AND o.company_id = k.company_id
               AND lower(o.email) = lower(k.email) AND o.position < k.position
             ORDER BY o.position LIMIT 1) AS same_address
FROM contacts k WHERE k.company_id = $1 ORDER BY k.position;

-- name: judge_companies(rows)
-- The verdicts on companies.
UPDATE companies c SET verdict = g.verdict, reasons = g.reasons
FROM jsonb_to_recordset($1) AS g (company_id bigint, verdict text, reasons jsonb)
WHERE c.id = g.company_id;

-- name: judge_contacts(rows)
-- The verdicts on people.
UPDATE contacts k SET verdict = g.verdict, reasons = g.reasons, email_verdict = g.email_verdict
FROM jsonb_to_recordset($1) AS g (
    company_id bigint, subject text, verdict text, reasons jsonb, email_verdict text)
WHERE k.company_id = g.company_id AND k.key = g.subject;

-- name: standing(company_id)
-- What readiness looks at: the company's verdict, its people by verdict, and ways to reach anybody.
SELECT c.verdict, c.icp_fit, c.phone <> '' AS has_phone,
       EXISTS (SELECT FROM evidence e WHERE e.company_id = c.id AND e.field = 'email') AS has_email,
       count(k.id) AS people,
       count(k.id) FILTER (WHERE k.verdict IN ('', 'valid')) AS usable,
       count(k.id) FILTER (WHERE k.verdict IN ('', 'valid') AND (k.email <> '' OR k.phone <> ''
                           OR k.linkedin_url <> '')) AS reachable
FROM companies c LEFT JOIN contacts k ON k.company_id = c.id
WHERE c.id = $1 GROUP BY c.id;

-- name: statistics(run_id)
-- What the stages of a run counted, over all their items.
SELECT i.stage, t.word, sum(t.count::bigint)::bigint AS count
FROM items i CROSS JOIN LATERAL jsonb_each_text(i.result -> 'counts') AS t (word, count)
WHERE i.run_id = $1 AND NOT i.stale AND i.result ? 'counts'
GROUP BY i.stage, t.word ORDER BY i.stage, length(t.word), t.word;
