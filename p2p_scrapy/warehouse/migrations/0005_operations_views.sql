-- What happened, as analysts and dashboards see it.
CREATE VIEW market.ops_batch_runs AS
SELECT
    batch_id,
    started_at AS batch_start_time,
    ended_at AS batch_end_time,
    status,
    fiats_processed AS total_fiats_processed,
    offers_extracted AS total_offers_extracted,
    offers_inserted AS total_offers_inserted,
    offers_updated AS total_offers_updated,
    (SELECT coalesce(sum(value::integer), 0)::integer
     FROM jsonb_each_text(record -> 'errors')) AS total_errors,
    jsonb_build_object(
        'errors', record -> 'errors', 'refused', record -> 'refused',
        'stopped', record -> 'stopped', 'alerts', record -> 'alerts'
    ) AS error_summary,
    extract(epoch FROM ended_at - started_at)::numeric AS execution_time_seconds,
    offers_closed AS total_offers_closed,
    (record ->> 'completeness')::numeric AS completeness,
    (record ->> 'coverage')::numeric AS coverage,
    (record ->> 'planned')::integer AS planned_markets,
    (record ->> 'complete')::integer AS complete_markets,
    venue,
    loaded_at
FROM warehouse.batch b;

CREATE VIEW market.ops_extraction_errors AS
SELECT
    b.batch_id, e.error_timestamp, e.fiat_code, e.crypto_symbol, e.trade_type, e.page_number,
    e.error_type, e.error_message, e.stack_trace, e.retry_count, e.is_resolved
FROM warehouse.extraction_error e
JOIN warehouse.batch b USING (batch_no);

CREATE VIEW market.ops_data_quality AS
SELECT
    b.batch_id, q.check_timestamp, q.metric_name, q.metric_value, q.threshold_value, q.passed,
    q.details
FROM warehouse.quality q
JOIN warehouse.batch b USING (batch_no);
