TRUNCATE
    listed, staged_sweep, staged_ad, staged_refusal, staged_identity, staged_statistic,
    shown, now_swept, difference, now_book;
