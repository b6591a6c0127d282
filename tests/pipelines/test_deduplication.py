import pytest
from scrapy.exceptions import DropItem

from items import Market, Side
from p2p_scrapy.census.open_sweep import OpenSweep
from pipelines.deduplication import DeduplicationPipeline


@pytest.fixture
def pipeline(batch, of_crawl):
    return of_crawl(DeduplicationPipeline, batch)


def test_the_first_of_a_number_is_kept_whatever_its_page(pipeline, batch, ad):
    first, other, again = ad(adv_no="1"), ad(adv_no="2"), ad(adv_no="1", page=7, price=99.0)
    assert pipeline.process_item(first) is first
    assert pipeline.process_item(other) is other
    with pytest.raises(DropItem, match=r"^USDT/VES SELL: ad 1 came again$") as caught:
        pipeline.process_item(again)
    assert caught.value.log_level == "WARNING"
    (sweep,) = batch.ledger.sweeps.values()
    assert sweep.repeated == 1


def test_a_number_on_the_other_side_is_of_another_snapshot(pipeline, ad):
    ask, bid = ad(adv_no="1"), ad(adv_no="1", trade_type="BUY")
    assert pipeline.process_item(ask) is ask
    assert pipeline.process_item(bid) is bid


def test_a_number_in_another_market_is_of_the_same_snapshot(pipeline, batch, ad):
    market = Market("BTC", "VES", Side.SELL)
    sweep = OpenSweep(market, "direct", batch.started_at, outstanding=1)
    batch.ledger.add(sweep)
    pipeline.process_item(ad(adv_no="1"))
    with pytest.raises(DropItem, match="BTC/VES SELL: ad 1 came again"):
        pipeline.process_item(ad(adv_no="1", asset="BTC", market=market))
    assert sweep.repeated == 1
