-- Ads that are far from what is usual in their market: the median of the medians of its last seven
-- sweeps before this one. Those that found an empty book have none to tell. Seven sweeps are looked
-- at and no more, so that a market that is mostly empty costs no walk through its history.
WITH usual AS MATERIALIZED (
    SELECT w.market_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY past.median_price) AS price
    FROM now_swept w
    CROSS JOIN LATERAL (
        SELECT b.median_price
        FROM warehouse.sweep s
        JOIN warehouse.book b ON b.book_id = s.book_id
        WHERE s.market_id = w.market_id AND s.verdict <> 'f' AND s.swept_at < w.swept_at
        ORDER BY s.swept_at DESC
        LIMIT 7
    ) past
    WHERE w.verdict <> 'f'
    GROUP BY w.market_id
), far AS (
    SELECT a.market_id, a.adv_no, a.price::double precision AS price, u.price AS reference
    FROM staged_ad a
    JOIN usual u ON u.market_id = a.market_id
    WHERE abs(a.price::double precision - u.price) > u.price * %(threshold)s
)
SELECT
    f.adv_no,
    c.symbol || '/' || t.currency_code || ' ' || m.side AS market,
    f.price,
    f.reference,
    count(*) OVER () AS anomalies
FROM far f
JOIN warehouse.market m ON m.market_id = f.market_id
JOIN warehouse.crypto c ON c.crypto_id = m.crypto_id
JOIN warehouse.fiat t ON t.fiat_id = m.fiat_id
ORDER BY abs(f.price - f.reference) / nullif(f.reference, 0) DESC, f.market_id, f.adv_no
LIMIT %(named)s;
