-- Markets that were not read whole, and why: one row each, from the ledger.
INSERT INTO warehouse.extraction_error
    (batch_no, error_timestamp, fiat_code, crypto_symbol, trade_type, error_type, error_message,
     retry_count)
SELECT
    %(batch_no)s, w.swept_at, f.currency_code, c.symbol, m.side,
    CASE w.verdict WHEN 'f' THEN 'market_failed' ELSE 'market_partial' END,
    coalesce(w.backwards, s.error), s.rereads
FROM staged_sweep s
JOIN now_swept w USING (market_id)
JOIN warehouse.market m USING (market_id)
JOIN warehouse.crypto c USING (crypto_id)
JOIN warehouse.fiat f USING (fiat_id)
WHERE s.verdict <> 'complete' OR w.verdict = 'f'
ORDER BY w.swept_at, s.market_id;
