-- Each sweep's ledger row, with the figures of its book where that is another than the last one's.
INSERT INTO now_book (market_id, is_new, book_id, volume)
SELECT
    w.market_id,
    NOT coalesce(w.was_whole, false) OR b.ranks IS DISTINCT FROM s.ranks OR w.market_id IN (
        SELECT market_id FROM difference
    ) AS is_new,
    w.book_id,
    b.volume
FROM now_swept w
JOIN staged_sweep s USING (market_id)
LEFT JOIN warehouse.book b ON b.book_id = w.book_id
WHERE w.verdict <> 'f';

UPDATE now_book SET book_id = nextval(pg_get_serial_sequence('warehouse.book', 'book_id'))
WHERE is_new;

WITH ad AS (
    SELECT
        a.market_id, a.is_ranked, a.price::numeric AS price, a.surplus_amount::numeric AS surplus,
        row_number() OVER (
            PARTITION BY a.market_id
            ORDER BY a.is_ranked DESC,
                CASE WHEN m.side = 'SELL' THEN a.price::numeric ELSE -a.price::numeric END, a.adv_no
        ) AS place,
        m.side
    FROM staged_ad a
    JOIN now_book b ON b.market_id = a.market_id AND b.is_new
    JOIN warehouse.market m ON m.market_id = a.market_id
), figures AS (
    SELECT
        market_id,
        count(*) AS offers,
        avg(price) AS average_price,
        sum(price * surplus) / nullif(sum(surplus), 0) AS weighted_price,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY price::double precision) AS median_price,
        stddev_samp(price) AS deviation,
        avg(price) FILTER (WHERE is_ranked AND place <= 10) AS top10_price,
        coalesce(sum(surplus), 0) AS volume,
        sum(surplus) FILTER (WHERE is_ranked AND place <= 10) AS top10_volume,
        min(price) AS min_price,
        max(price) AS max_price,
        CASE
            WHEN max(side) = 'SELL' THEN min(price) FILTER (WHERE is_ranked)
            ELSE max(price) FILTER (WHERE is_ranked)
        END AS best_price
    FROM ad GROUP BY market_id
), added AS (
    INSERT INTO warehouse.book
        (book_id, offers, average_price, weighted_price, median_price, deviation, top10_price,
         ranks, volume, top10_volume, min_price, max_price, best_price)
    OVERRIDING SYSTEM VALUE
    SELECT
        b.book_id, coalesce(f.offers, 0), f.average_price, f.weighted_price, f.median_price,
        f.deviation, f.top10_price, s.ranks, coalesce(f.volume, 0), f.top10_volume, f.min_price,
        f.max_price, f.best_price
    FROM now_book b
    JOIN staged_sweep s USING (market_id)
    LEFT JOIN figures f USING (market_id)
    WHERE b.is_new
    ORDER BY b.book_id
    RETURNING book_id, volume
)
UPDATE now_book b SET volume = a.volume FROM added a WHERE a.book_id = b.book_id;

INSERT INTO warehouse.sweep
    (swept_at, started_at, first_response_at, volume_sum, market_id, batch_no, book_id, ordinal,
     total_first, total_last, rows_seen, unique_ads, duplicates, refused, promoted, pages, rereads,
     verdict, lane, error, missed)
SELECT
    w.swept_at, s.started_at, s.first_response_at,
    CASE WHEN w.verdict <> 'f' THEN coalesce(w.volume_sum, 0) + b.volume::double precision END,
    s.market_id, %(batch_no)s, b.book_id,
    CASE WHEN w.verdict <> 'f' THEN coalesce(w.ordinal, 0) + 1 END,
    s.total_first, s.total_last, s.rows_seen, s.unique_ads, s.duplicates, s.refused, s.promoted,
    s.pages, s.rereads, w.verdict, s.lane, coalesce(w.backwards, s.error), m.missed
FROM staged_sweep s
JOIN now_swept w USING (market_id)
LEFT JOIN now_book b USING (market_id)
LEFT JOIN (
    SELECT market_id, array_agg(old_offer_id ORDER BY old_offer_id) AS missed
    FROM difference WHERE new_offer_id IS NULL AND NOT is_gone
    GROUP BY market_id
) m USING (market_id)
ORDER BY s.market_id;
