-- What of each asset is on offer, and what was on the last day's mean, over the markets that were
-- read whole now and have such a mean. The first sweep of that day and the last one before this
-- tell it all: volume_sum and ordinal are running totals.
SELECT
    c.symbol AS asset,
    sum(b.volume::double precision) AS volume,
    sum((w.volume_sum - day.volume_sum + day.volume) / (w.ordinal - day.ordinal + 1)) AS mean,
    count(*) AS markets
FROM now_swept w
JOIN now_book b ON b.market_id = w.market_id
JOIN warehouse.market m ON m.market_id = w.market_id
JOIN warehouse.crypto c ON c.crypto_id = m.crypto_id
CROSS JOIN LATERAL (
    SELECT s.volume_sum, s.ordinal, k.volume::double precision AS volume
    FROM warehouse.sweep s
    JOIN warehouse.book k ON k.book_id = s.book_id
    WHERE s.market_id = w.market_id AND s.verdict <> 'f'
        AND s.swept_at >= w.swept_at - interval '24 hours' AND s.swept_at < w.swept_at
    ORDER BY s.swept_at
    LIMIT 1
) day
WHERE w.verdict = 'c'
GROUP BY c.symbol
ORDER BY c.symbol;
