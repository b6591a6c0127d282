import json

from p2p_scrapy.binance.known_keys import AD_KEYS, ADVERTISER_KEYS, ENTRY_KEYS


def test_as_many_keys_as_the_exchange_sends():
    assert (len(AD_KEYS), len(ADVERTISER_KEYS), len(ENTRY_KEYS)) == (81, 26, 5)


def test_every_recorded_key_of_2026_is_known(recordings):
    met = {"adv": set(), "advertiser": set(), "entry": set()}
    for recording in recordings("usdt_bob_usd_page1_2026-*.gz"):
        for entry in json.loads(recording.body)["data"]:
            met["entry"] |= entry.keys()
            met["adv"] |= entry["adv"].keys()
            met["advertiser"] |= entry["advertiser"].keys()
    assert met["entry"] == ENTRY_KEYS
    assert met["adv"] == AD_KEYS
    assert met["advertiser"] == ADVERTISER_KEYS - {"userPositiveRate"}
