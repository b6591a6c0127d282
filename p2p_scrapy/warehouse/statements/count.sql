-- What the load came to, kept with the batch.
UPDATE warehouse.batch SET
    offers_extracted = %(ads)s, offers_inserted = d.inserted, offers_updated = d.updated,
    offers_closed = d.closed,
    fiats_processed = (
        SELECT count(DISTINCT m.fiat_id)
        FROM now_swept w JOIN warehouse.market m USING (market_id)
        WHERE w.verdict <> 'f'
    )
FROM (
    SELECT
        count(*) FILTER (WHERE old_offer_id IS NULL) AS inserted,
        count(*) FILTER (WHERE old_offer_id IS NOT NULL AND new_offer_id IS NOT NULL) AS updated,
        count(*) FILTER (WHERE is_gone) AS closed
    FROM difference
) d
WHERE batch_no = %(batch_no)s
RETURNING offers_extracted, offers_inserted, offers_updated, offers_closed;
