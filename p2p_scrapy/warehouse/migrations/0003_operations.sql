-- What happened: errors and quality checks of each batch.

CREATE TABLE warehouse.extraction_error (
    batch_no integer NOT NULL REFERENCES warehouse.batch ON DELETE CASCADE,
    error_timestamp timestamptz NOT NULL,
    fiat_code text,
    crypto_symbol text,
    trade_type text,
    page_number integer,
    error_type text NOT NULL,
    error_message text,
    stack_trace text,
    retry_count integer NOT NULL DEFAULT 0,
    is_resolved boolean NOT NULL DEFAULT false,
    loaded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX extraction_error_of_batch ON warehouse.extraction_error (batch_no);

CREATE TABLE warehouse.quality (
    batch_no integer NOT NULL REFERENCES warehouse.batch ON DELETE CASCADE,
    metric_name text NOT NULL,
    metric_value double precision,
    threshold_value double precision,
    passed boolean NOT NULL,
    details jsonb NOT NULL DEFAULT '{}',
    check_timestamp timestamptz NOT NULL,
    loaded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (batch_no, metric_name)
);
