-- The batch against the books, all at once: a row each for what is new, changed, or no longer seen.
INSERT INTO difference
    (market_id, adv_no, swept_at, old_offer_id, old_valid_from, new_offer_id, advertiser_sk,
     method_set_id, terms_id, is_ranked, price, surplus, min_amount, max_amount, tradable, is_gone)
SELECT
    coalesce(s.market_id, l.market_id) AS market_id,
    coalesce(s.adv_no, l.adv_no) AS adv_no,
    w.swept_at,
    l.offer_id AS old_offer_id,
    l.valid_from AS old_valid_from,
    CASE WHEN s.adv_no IS NOT NULL THEN nextval('warehouse.offer_number') END AS new_offer_id,
    n.advertiser_sk, s.method_set_id, s.terms_id, s.is_ranked,
    s.price::numeric AS price,
    s.surplus_amount::numeric AS surplus,
    s.min_amount::numeric AS min_amount,
    s.max_amount::numeric AS max_amount,
    s.tradable_quantity::numeric AS tradable,
    s.adv_no IS NULL AND (
        CASE WHEN r.adv_no IS NULL THEN w.verdict = 'c' ELSE r.is_empty END
    ) AS is_gone
FROM staged_ad s
JOIN shown n ON n.run = s.run
FULL JOIN (
    SELECT * FROM warehouse.live
    WHERE market_id IN (SELECT market_id FROM now_swept WHERE verdict <> 'f')
) l ON l.market_id = s.market_id AND l.adv_no = s.adv_no
JOIN now_swept w ON w.market_id = coalesce(s.market_id, l.market_id)
LEFT JOIN (
    SELECT market_id, adv_no, bool_and(is_empty) AS is_empty
    FROM staged_refusal GROUP BY market_id, adv_no
) r ON r.market_id = l.market_id AND r.adv_no = l.adv_no
WHERE l.offer_id IS NULL OR s.adv_no IS NULL
    OR l.price <> s.price::numeric
    OR l.surplus IS DISTINCT FROM s.surplus_amount::numeric
    OR l.tradable IS DISTINCT FROM s.tradable_quantity::numeric
    OR l.min_amount IS DISTINCT FROM s.min_amount::numeric
    OR l.max_amount IS DISTINCT FROM s.max_amount::numeric
    OR l.method_set_id <> s.method_set_id
    OR l.terms_id <> s.terms_id
    OR l.is_ranked <> s.is_ranked
    OR l.advertiser_sk <> n.advertiser_sk;
