-- Who the advertisers are: versions of type 2, and for each run of looks the version it shows. A look
-- from before the version that stands (a clock ran back) changes nothing.
INSERT INTO warehouse.advertiser (venue, advertiser_no)
SELECT DISTINCT %(venue)s, s.advertiser_no
FROM staged_identity s
LEFT JOIN warehouse.advertiser a ON a.advertiser_no = s.advertiser_no AND a.venue = %(venue)s
WHERE a.advertiser_id IS NULL
ORDER BY 2;

INSERT INTO shown (run, advertiser_id, since, advertiser_sk, until)
SELECT
    s.run,
    a.advertiser_id,
    s.since,
    CASE
        WHEN c.valid_from >= s.since THEN c.advertiser_sk
        WHEN row_number() OVER looks = 1
            AND (c.nickname, c.advertiser_type, c.is_merchant, c.user_grade,
                 c.user_identity, c.badges, c.vip_level)
            IS NOT DISTINCT FROM
                (s.nickname, s.advertiser_type, s.is_merchant, s.user_grade::smallint,
                 s.user_identity, s.badges COLLATE "C", s.vip_level::smallint)
        THEN c.advertiser_sk
    END AS advertiser_sk,
    lead(s.since) OVER looks AS until
FROM staged_identity s
JOIN warehouse.advertiser a ON a.advertiser_no = s.advertiser_no AND a.venue = %(venue)s
LEFT JOIN warehouse.advertiser_version c
    ON c.advertiser_id = a.advertiser_id AND c.valid_to = 'infinity'
WINDOW looks AS (PARTITION BY a.advertiser_id, s.since > c.valid_from ORDER BY s.since);

UPDATE warehouse.advertiser_version v SET valid_to = n.since
FROM (
    SELECT advertiser_id, min(since) AS since
    FROM shown WHERE advertiser_sk IS NULL GROUP BY advertiser_id
) n
WHERE v.advertiser_id = n.advertiser_id AND v.valid_to = 'infinity';

WITH added AS (
    INSERT INTO warehouse.advertiser_version
        (advertiser_id, valid_from, valid_to, nickname, advertiser_type, is_merchant, user_grade,
         user_identity, badges, vip_level)
    SELECT
        n.advertiser_id, n.since, coalesce(n.until, 'infinity'), s.nickname, s.advertiser_type,
        s.is_merchant, s.user_grade, s.user_identity, s.badges, s.vip_level
    FROM shown n
    JOIN staged_identity s USING (run)
    WHERE n.advertiser_sk IS NULL
    ORDER BY n.advertiser_id, n.since
    RETURNING advertiser_id, valid_from, advertiser_sk
)
UPDATE shown n SET advertiser_sk = a.advertiser_sk
FROM added a
WHERE n.advertiser_id = a.advertiser_id AND n.since = a.valid_from AND n.advertiser_sk IS NULL;
