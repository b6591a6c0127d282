import pytest

from p2p_scrapy.exchange.control import _Changes
from p2p_scrapy.exchange.errors import OptionError
from p2p_scrapy.exchange.exchange import ADJUSTABLE


def test_the_book_is_the_truth(open_exchange):
    asker = open_exchange(markets=3, ads=60)
    book = asker.get("/exchange/book").json
    assert book == asker.exchange.book()
    assert len(book["markets"]) == 3
    natural = {number for market in book["markets"] for number in market["natural"]}
    promoted = {number for market in book["markets"] for number in market["promoted"]}
    assert book["natural"] == len(natural) == 60
    assert book["promoted"] == len(promoted)
    assert book["unique_ads"] == len(natural | promoted)


def test_the_ads_of_a_market_are_its_entries_in_order(open_exchange):
    asker = open_exchange()
    market = asker.get("/exchange/book").json["markets"][0]
    place = f"fiat={market['fiat']}&asset={market['asset']}&side={market['side']}"
    entries = asker.get(f"/exchange/ads?{place}").json
    assert [entry["adv"]["advNo"] for entry in entries] == market["natural"]
    assert asker.get("/exchange/ads?fiat=VND").status == 404


def test_requests_are_counted_and_control_paths_are_not(open_exchange, clock):
    asker = open_exchange(clock, faults=("html403=1@UAH",))
    assert asker.get("/exchange/requests").json["first_at"] is None
    for wait in (0, 59, 2):
        clock.time += wait
        asker.search()
    asker.search("UAH")
    asker.post("/bapi/c2c/v1/friendly/c2c/trade-rule/fiat-list", {})
    report = asker.get("/exchange/requests?times=1").json
    assert (report["search"], report["discovery"]) == (4, 1)
    assert report["by_status"] == {"200": 4, "403": 1}
    assert report["by_fault"] == {"html403": 1}
    assert report["busiest_minute"] == 4
    assert report["last_at"] - report["first_at"] == 61
    assert len(report["times"]) == 5
    assert "times" not in asker.exchange.requests()


def test_options_change_while_it_runs(open_exchange, clock):
    asker = open_exchange(clock)
    assert asker.post("/exchange/options", {"limit": 1, "retry_after": "seconds"}).status == 200
    assert [asker.search().status for _ in range(2)] == [200, 429]
    asker.post("/exchange/options", {"limit": 0, "faults": ["error500=1"], "latency": 0.01})
    assert asker.search().status == 500
    asker.post("/exchange/options", {"faults": []})
    assert asker.search().status == 200


@pytest.mark.parametrize(
    "changes",
    [{"limit": -1}, {"limit": "many"}, {"faults": ["fire=1"]}, {"faults": [1]}, {"seed": 2}],
)
def test_options_that_cannot_be_are_refused_and_change_nothing(open_exchange, changes):
    asker = open_exchange()
    refused = asker.post("/exchange/options", changes)
    assert refused.status == 400
    assert refused.json["error"]
    assert asker.search().status == 200


def test_what_a_world_is_made_of_cannot_be_adjusted(open_exchange):
    with pytest.raises(OptionError, match="left alone"):
        open_exchange().exchange.adjust(seed=2)


def test_both_ways_to_adjust_know_the_same_options():
    assert set(_Changes.__struct_fields__) == set(ADJUSTABLE)
