-- What each market's sweep is worth: failed ones change nothing, and neither does one that does not
-- come after the market's last (a clock ran back); it counts as failed, and says why.
INSERT INTO now_swept
    (market_id, swept_at, ordinal, volume_sum, book_id, was_whole, verdict, backwards)
SELECT
    s.market_id,
    coalesce(s.swept_at, s.started_at) AS swept_at,
    p.ordinal,
    p.volume_sum,
    p.book_id,
    p.missed IS NULL AS was_whole,
    CASE
        WHEN s.verdict = 'failed' OR s.swept_at IS NULL OR s.swept_at <= p.swept_at THEN 'f'
        WHEN s.verdict = 'partial' THEN 'p'
        ELSE 'c'
    END::"char" AS verdict,
    CASE
        WHEN s.verdict <> 'failed' AND s.swept_at <= p.swept_at
        THEN 'not after the last sweep, of ' || p.swept_at
    END AS backwards
FROM staged_sweep s
LEFT JOIN LATERAL (
    SELECT swept_at, ordinal, volume_sum, book_id, missed
    FROM warehouse.sweep
    WHERE market_id = s.market_id AND verdict <> 'f'
    ORDER BY swept_at DESC
    LIMIT 1
) p ON true;

DELETE FROM staged_ad a USING now_swept w WHERE w.market_id = a.market_id AND w.verdict = 'f';

-- Who was seen by such sweeps alone, was not seen.
DELETE FROM staged_identity i
WHERE EXISTS (SELECT FROM now_swept WHERE backwards IS NOT NULL)
    AND NOT EXISTS (SELECT FROM staged_ad a WHERE a.run = i.run);

DELETE FROM staged_statistic s
WHERE EXISTS (SELECT FROM now_swept WHERE backwards IS NOT NULL)
    AND NOT EXISTS (SELECT FROM staged_ad a WHERE a.run = s.run);
