-- From when on history has to be undone, where all from %(moment)s on is: a batch that reaches beyond
-- it goes too, and so does whatever that one has in it. A clock that was put back makes a batch whose
-- sweeps lie before its start, or after its end.
WITH reaching AS (
    SELECT batch_no, started_at
    FROM warehouse.batch
    WHERE started_at >= %(moment)s OR ended_at >= %(moment)s
    UNION
    SELECT b.batch_no, b.started_at
    FROM warehouse.sweep s
    JOIN warehouse.batch b USING (batch_no)
    WHERE s.swept_at >= %(moment)s AND s.verdict <> 'f'
)
SELECT least(
    %(moment)s,
    (SELECT min(started_at) FROM reaching),
    (
        SELECT min(swept_at) FROM warehouse.sweep
        WHERE verdict <> 'f' AND batch_no >= (SELECT min(batch_no) FROM reaching)
            AND batch_no IN (SELECT batch_no FROM reaching)
    )
);
