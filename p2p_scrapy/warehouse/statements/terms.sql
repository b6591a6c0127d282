-- Terms that a batch speaks of: found or added, their numbers in the order given.
WITH given AS (
    SELECT
        place, price_type, classify, pay_time_limit_minutes::integer, commission_rate::numeric,
        taker_kyc_required::boolean
    FROM (VALUES %s) AS v
        (place, price_type, classify, pay_time_limit_minutes, commission_rate, taker_kyc_required)
), added AS (
    INSERT INTO warehouse.terms
        (price_type, classify, pay_time_limit_minutes, commission_rate, taker_kyc_required)
    SELECT price_type, classify, pay_time_limit_minutes, commission_rate, taker_kyc_required
    FROM given ORDER BY place
    ON CONFLICT DO NOTHING
    RETURNING *
), every AS (
    SELECT * FROM added UNION ALL SELECT * FROM warehouse.terms
)
SELECT e.terms_id
FROM given g
JOIN every e
    ON (e.price_type, e.classify, e.pay_time_limit_minutes, e.commission_rate, e.taker_kyc_required)
    IS NOT DISTINCT FROM
    (g.price_type, g.classify, g.pay_time_limit_minutes, g.commission_rate, g.taker_kyc_required)
ORDER BY g.place
