-- Where time does not run forward: in sweeps, and in the versions that were closed or put down now.
WITH closed AS (
    SELECT * FROM difference
    WHERE old_offer_id IS NOT NULL AND (is_gone OR new_offer_id IS NOT NULL)
), found AS (
    SELECT 'sweep not after the last' AS problem, market_id, NULL AS adv_no
    FROM now_swept
    WHERE backwards IS NOT NULL
    UNION ALL
    SELECT 'version without time', c.market_id, c.adv_no
    FROM closed c
    WHERE c.old_valid_from >= c.swept_at
    UNION ALL
    -- What stands now began when what stood before ended.
    SELECT 'versions overlap', c.market_id, c.adv_no
    FROM closed c
    CROSS JOIN LATERAL (
        SELECT valid_from FROM warehouse.live
        WHERE market_id = c.market_id AND adv_no = c.adv_no
        LIMIT 1
    ) live
    WHERE c.is_gone OR live.valid_from < c.swept_at
    UNION ALL
    SELECT 'versions overlap', market_id, adv_no
    FROM closed GROUP BY market_id, adv_no HAVING count(*) > 1
    UNION ALL
    -- Nothing that is over may have begun later. A bound that is constant spares the days before.
    SELECT 'versions overlap', d.market_id, d.adv_no
    FROM (SELECT DISTINCT market_id, swept_at FROM difference) touched
    CROSS JOIN LATERAL (
        SELECT adv_no FROM warehouse.version
        WHERE market_id = touched.market_id AND valid_from >= touched.swept_at
            AND valid_to < 'infinity'
            AND (
                is_long AND valid_to > %(started_at)s
                OR NOT is_long AND %(started_at)s < valid_to
            )
        OFFSET 0
    ) later
    JOIN difference d ON d.market_id = touched.market_id AND d.adv_no = later.adv_no
)
SELECT
    f.problem,
    c.symbol || '/' || t.currency_code || ' ' || m.side AS market,
    f.adv_no,
    count(*) OVER () AS problems
FROM found f
JOIN warehouse.market m ON m.market_id = f.market_id
JOIN warehouse.crypto c ON c.crypto_id = m.crypto_id
JOIN warehouse.fiat t ON t.fiat_id = m.fiat_id
ORDER BY f.problem, f.market_id, f.adv_no
LIMIT %(named)s;
