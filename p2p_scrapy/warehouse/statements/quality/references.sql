-- What this batch wrote speaks of rows that must stand. Only its own rows are followed, each by an
-- index; LIMIT keeps the planner from reading a whole table of history instead.
WITH written AS MATERIALIZED (
    SELECT offer_id, market_id, advertiser_sk, method_set_id, terms_id
    FROM warehouse.live WHERE batch_no = %(batch_no)s
), closed AS (
    SELECT old_offer_id AS offer_id FROM difference
    WHERE old_offer_id IS NOT NULL AND (is_gone OR new_offer_id IS NOT NULL)
), swept AS MATERIALIZED (
    SELECT s.batch_no, s.book_id
    FROM now_swept w
    LEFT JOIN LATERAL (
        SELECT batch_no, book_id FROM warehouse.sweep
        WHERE market_id = w.market_id AND swept_at = w.swept_at AND verdict <> 'f'
        LIMIT 1
    ) s ON true
    WHERE w.verdict <> 'f'
)
SELECT 'sweep to market' AS reference, count(*) AS missing
FROM now_swept w
LEFT JOIN warehouse.market m ON m.market_id = w.market_id
WHERE m.market_id IS NULL
UNION ALL
SELECT 'sweep to batch', count(*) FROM swept WHERE batch_no IS DISTINCT FROM %(batch_no)s
UNION ALL
SELECT 'sweep to book', count(*)
FROM swept s
LEFT JOIN LATERAL (SELECT 1 AS found FROM warehouse.book WHERE book_id = s.book_id LIMIT 1) b
    ON true
WHERE b.found IS NULL
UNION ALL
SELECT 'version to offer', count(*)
FROM (SELECT offer_id FROM written UNION ALL SELECT offer_id FROM closed) v
LEFT JOIN LATERAL (SELECT 1 AS found FROM warehouse.offer WHERE offer_id = v.offer_id LIMIT 1) o
    ON true
WHERE o.found IS NULL
UNION ALL
SELECT 'version to market', count(*)
FROM written v
LEFT JOIN warehouse.market m ON m.market_id = v.market_id
WHERE m.market_id IS NULL
UNION ALL
SELECT 'version to advertiser', coalesce(sum(v.rows), 0)
FROM (SELECT advertiser_sk, count(*) AS rows FROM written GROUP BY advertiser_sk) v
LEFT JOIN LATERAL (
    SELECT 1 AS found
    FROM warehouse.advertiser_version WHERE advertiser_sk = v.advertiser_sk LIMIT 1
) a ON true
WHERE a.found IS NULL
UNION ALL
SELECT 'version to method set', coalesce(sum(v.rows), 0)
FROM (SELECT method_set_id, count(*) AS rows FROM written GROUP BY method_set_id) v
LEFT JOIN LATERAL (
    SELECT 1 AS found FROM warehouse.method_set WHERE method_set_id = v.method_set_id LIMIT 1
) s ON true
WHERE s.found IS NULL
UNION ALL
SELECT 'version to terms', coalesce(sum(v.rows), 0)
FROM (SELECT terms_id, count(*) AS rows FROM written GROUP BY terms_id) v
LEFT JOIN warehouse.terms t ON t.terms_id = v.terms_id
WHERE t.terms_id IS NULL;
