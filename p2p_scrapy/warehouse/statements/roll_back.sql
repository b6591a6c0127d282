-- What was opened since is gone, what was closed since stands again.
DELETE FROM warehouse.live WHERE valid_from >= %(since)s;

WITH undone AS (
    DELETE FROM warehouse.version
    WHERE valid_to < 'infinity'
        AND (is_long AND valid_to >= %(since)s OR NOT is_long AND %(since)s <= valid_to)
    RETURNING *
)
INSERT INTO warehouse.live
    (offer_id, valid_from, market_id, batch_no, advertiser_sk, method_set_id, terms_id, is_ranked,
     adv_no, price, surplus, min_amount, max_amount, tradable)
SELECT
    offer_id, valid_from, market_id, batch_no, advertiser_sk, method_set_id, terms_id, is_ranked,
    adv_no, price, surplus, min_amount, max_amount, tradable
FROM undone
WHERE valid_from < %(since)s;

DELETE FROM warehouse.offer WHERE valid_from >= %(since)s;

WITH undone AS (
    DELETE FROM warehouse.sweep s USING warehouse.batch b
    WHERE b.batch_no = s.batch_no AND b.started_at >= %(since)s
    RETURNING s.book_id
)
DELETE FROM warehouse.book k USING undone u
WHERE k.book_id = u.book_id AND NOT EXISTS (
    SELECT FROM warehouse.sweep s
    JOIN warehouse.batch b USING (batch_no)
    WHERE s.book_id = k.book_id AND b.started_at < %(since)s
);

DELETE FROM warehouse.advertiser_version WHERE valid_from >= %(since)s;

UPDATE warehouse.advertiser_version SET valid_to = 'infinity'
WHERE valid_to >= %(since)s AND valid_to < 'infinity';

DELETE FROM warehouse.advertiser_day
WHERE day >= (%(since)s AT TIME ZONE 'UTC')::date AND changed_at[1] >= %(since)s;

UPDATE warehouse.advertiser_day d SET
    changed_at = changed_at[:n.kept],
    month_order_counts = month_order_counts[:n.kept],
    month_finish_rates = month_finish_rates[:n.kept],
    positive_rates = positive_rates[:n.kept]
FROM (
    SELECT
        advertiser_id, day,
        width_bucket(%(since)s - interval '1 microsecond', changed_at) AS kept
    FROM warehouse.advertiser_day
    WHERE day = (%(since)s AT TIME ZONE 'UTC')::date
) n
WHERE d.advertiser_id = n.advertiser_id AND d.day = n.day
    AND cardinality(d.changed_at) > n.kept;

DELETE FROM warehouse.batch WHERE started_at >= %(since)s;
