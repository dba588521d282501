-- name: create(run_id, company_amount, stages, amounts)
-- The budget of a new run: one row for the run (an empty stage) and one for each limited stage.
INSERT INTO budgets (run_id, stage, amount, company_amount)
SELECT $1, stage, amount, CASE stage WHEN '' THEN $2::numeric END
FROM unnest($3::text[], $4::numeric[]) AS given (stage, amount);

-- name: lock(run_id, stages)
-- The budget of a run, the row of the run first: whoever holds it alone changes what is spent.
-- No stages are all of them.
SELECT stage, amount, company_amount, spent FROM budgets
WHERE run_id = $1 AND ($2::text[] IS NULL OR stage = '' OR stage = ANY ($2))
ORDER BY stage FOR UPDATE;

-- name: of_company(item_id)
-- What was spent on the company of an item.
SELECT coalesce(sum(coalesce(c.settled, c.reserved)), 0)
FROM items i JOIN costs c ON c.company_id = i.company_id
WHERE i.id = $1 AND c.state <> 'refused';

-- name: reserve(run_id, stage, item_id, fence, provider, price)
-- Count the price of a call that is about to be made.
WITH spent AS (
    UPDATE budgets SET spent = spent + $6 WHERE run_id = $1 AND stage IN ('', $2)
)
INSERT INTO costs (run_id, stage, item_id, fence, company_id, provider, reserved)
VALUES ($1, $2, $3, $4, (SELECT company_id FROM items WHERE id = $3), $5, $6)
RETURNING id;

-- name: refuse(run_id, stage, item_id, fence, provider, price)
-- Keep what did not fit, for the person who decides.
INSERT INTO costs (run_id, stage, item_id, fence, company_id, provider, reserved, state)
VALUES ($1, $2, $3, $4, (SELECT company_id FROM items WHERE id = $3), $5, $6, 'refused')
ON CONFLICT (item_id, provider) WHERE state = 'refused' DO UPDATE SET reserved = excluded.reserved;

-- name: settle(id, state, actual)
-- What the call cost in truth, once; also when it was given up as lost before.
WITH paid AS (
    UPDATE costs SET state = $2, settled = $3, settled_at = now()
    WHERE id = $1 AND state IN ('reserved', 'lost')
    RETURNING run_id, stage, reserved
)
UPDATE budgets b SET spent = b.spent - p.reserved + $3
FROM paid p WHERE b.run_id = p.run_id AND b.stage IN ('', p.stage);

-- name: lose()
-- Calls whose item is not held any more by who reserved: they count at their reserved price.
UPDATE costs c SET state = 'lost', settled = c.reserved, settled_at = now()
WHERE c.state = 'reserved' AND NOT EXISTS (
    SELECT FROM items i WHERE i.id = c.item_id AND i.fence = c.fence AND i.state = 'leased')
RETURNING c.id;

-- name: refused(run_id)
-- What waits for a larger budget.
SELECT stage, provider, reserved FROM costs c
WHERE c.run_id = $1 AND c.state = 'refused'
  AND EXISTS (SELECT FROM items i WHERE i.id = c.item_id AND i.state IN ('ready', 'leased'))
ORDER BY c.id;

-- name: needed(run_id)
-- What each limit must be for all that waits to fit: of the run (an empty stage), of each stage,
-- and of one company.
WITH waiting AS (
    SELECT c.* FROM costs c JOIN items i ON i.id = c.item_id AND i.state IN ('ready', 'leased')
    WHERE c.run_id = $1 AND c.state = 'refused'
)
SELECT b.stage, b.spent + coalesce(sum(c.reserved), 0) AS amount
FROM budgets b
LEFT JOIN waiting c ON b.stage IN ('', c.stage)
WHERE b.run_id = $1 GROUP BY b.run_id, b.stage
UNION ALL
SELECT 'company', max(each.amount) FROM (
    SELECT sum(coalesce(c.settled, c.reserved)) AS amount FROM costs c
    WHERE c.company_id IN (SELECT company_id FROM waiting)
      AND (c.state <> 'refused' OR c.id IN (SELECT id FROM waiting))
    GROUP BY c.company_id) AS each;

-- name: raise_to(run_id, stage, amount, company_amount)
-- Set a limit; one of a stage that had none counts what was spent so far.
INSERT INTO budgets (run_id, stage, amount, company_amount, spent)
SELECT $1, $2, $3, $4, coalesce(sum(coalesce(settled, reserved)), 0)
FROM costs WHERE run_id = $1 AND stage = $2 AND state <> 'refused'
ON CONFLICT (run_id, stage) DO UPDATE
SET amount = coalesce(excluded.amount, budgets.amount),
    company_amount = coalesce(excluded.company_amount, budgets.company_amount);

-- name: forget_refused(run_id)
-- What waited is asked for again.
DELETE FROM costs WHERE run_id = $1 AND state = 'refused';

-- name: limits(run_id)
-- The budget of a run as a person looks at it.
SELECT stage, amount, company_amount, spent FROM budgets WHERE run_id = $1 ORDER BY stage;

-- name: totals(run_id, most)
-- Paid calls of a run by stage, by provider and by company, the dearest `most` of each. `open`:
-- reserved and not settled.
WITH summed AS (
    SELECT CASE WHEN grouping(c.stage) = 0 THEN 'stage'
                WHEN grouping(c.provider) = 0 THEN 'provider'
                WHEN grouping(c.company_id) = 0 THEN 'company' ELSE 'run' END AS "by",
           c.stage, c.provider, c.company_id,
           count(*) AS calls,
           coalesce(sum(c.settled), 0) AS settled,
           coalesce(sum(c.reserved) FILTER (WHERE c.state = 'reserved'), 0) AS open,
           coalesce(sum(c.settled) FILTER (WHERE c.state = 'lost'), 0) AS lost,
           coalesce(sum(coalesce(c.settled, c.reserved)), 0) AS total
    FROM costs c WHERE c.run_id = $1 AND c.state <> 'refused'
    GROUP BY GROUPING SETS ((), (c.stage), (c.provider), (c.company_id))
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY "by" ORDER BY total DESC, company_id) AS place,
           count(*) OVER (PARTITION BY "by") AS of_all
    FROM summed
)
SELECT r."by", coalesce(r.stage, r.provider, nullif(o.domain, ''), o.name, '') AS name, r.calls,
       r.settled, r.open, r.lost, r.total, r.of_all
FROM ranked r LEFT JOIN companies o ON o.id = r.company_id
WHERE r.place <= $2 ORDER BY r."by", r.total DESC, name;
