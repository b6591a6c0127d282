-- Close what has changed or gone, and put down what is new.
INSERT INTO warehouse.version
SELECT
    l.offer_id, l.valid_from, d.swept_at, l.market_id, l.batch_no, l.advertiser_sk,
    l.method_set_id, l.terms_id, l.is_ranked, d.swept_at > l.valid_from + interval '24 hours',
    l.adv_no, l.price, l.surplus, l.min_amount, l.max_amount, l.tradable
FROM difference d
JOIN warehouse.live l ON l.market_id = d.market_id AND l.adv_no = d.adv_no
WHERE d.is_gone OR d.new_offer_id IS NOT NULL
ORDER BY d.swept_at, l.market_id, l.valid_from;

DELETE FROM warehouse.live l USING difference d
WHERE d.is_gone AND l.market_id = d.market_id AND l.adv_no = d.adv_no;

UPDATE warehouse.live l SET
    offer_id = d.new_offer_id, valid_from = d.swept_at, batch_no = %(batch_no)s,
    advertiser_sk = d.advertiser_sk, method_set_id = d.method_set_id, terms_id = d.terms_id,
    is_ranked = d.is_ranked, price = d.price, surplus = d.surplus, min_amount = d.min_amount,
    max_amount = d.max_amount, tradable = d.tradable
FROM difference d
WHERE d.new_offer_id IS NOT NULL AND d.old_offer_id IS NOT NULL
    AND l.market_id = d.market_id AND l.adv_no = d.adv_no;

INSERT INTO warehouse.live
    (offer_id, valid_from, market_id, batch_no, advertiser_sk, method_set_id, terms_id, is_ranked,
     adv_no, price, surplus, min_amount, max_amount, tradable)
SELECT
    new_offer_id, swept_at, market_id, %(batch_no)s, advertiser_sk, method_set_id, terms_id,
    is_ranked, adv_no, price, surplus, min_amount, max_amount, tradable
FROM difference
WHERE new_offer_id IS NOT NULL AND old_offer_id IS NULL
ORDER BY market_id, adv_no;

INSERT INTO warehouse.offer (offer_id, valid_from, method_set_id)
SELECT new_offer_id, swept_at, method_set_id
FROM difference WHERE new_offer_id IS NOT NULL
ORDER BY new_offer_id;
