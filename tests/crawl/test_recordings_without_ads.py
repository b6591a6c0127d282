"""Replayed answers without an ad: a business error, and an empty page."""


def test_a_recorded_business_error_is_retried_once_and_fails_its_market(census, replayed):
    exchange = replayed()
    crawl = census(exchange, fiats="RUB", sides="SELL", pay_types="Unsupported", TIME_LAPSE=100)
    assert crawl.is_accounted_for()
    assert exchange.requests()["search"] == 2
    assert crawl.manifest["errors"] == {"business_error": 2}
    assert (crawl.code, crawl.manifest["status"]) == (1, "failed")
    assert crawl.verdicts == {("RUB", "USDT", "SELL"): "failed"}
    assert "083932" in crawl.ledger["RUB", "USDT", "SELL"]["error"]


def test_a_recorded_empty_page_is_a_complete_market_without_ads(census, replayed):
    crawl = census(replayed(), fiats="RUB")
    assert crawl.is_accounted_for()
    assert (crawl.code, crawl.manifest["status"]) == (0, "completed")
    for row in crawl.ledger.values():
        assert (row["verdict"], row["total_first"], row["rows"], row["pages"]) == (
            *("complete", 0, 0, 1),
        )
    assert crawl.ads == []
    assert list(crawl.alerts) == ["empty_batch"]
