"""What is no ad, no number or no UTF-8 costs only itself, whatever JSON comes."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from items import Ad, UnreadableAd
from p2p_scrapy.binance.answers import BrokenJsonError
from tests.binance.keys import KEYS

INT64 = st.integers(-(2**63), 2**63 - 1)
SCALARS = st.none() | st.booleans() | INT64 | st.floats(allow_nan=False) | st.text(max_size=20)
JSON = st.recursive(
    SCALARS.filter(lambda value: value not in (float("inf"), float("-inf"))),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


def test_an_unreadable_entry_takes_its_rank_and_costs_only_itself(reader, entry, market, now):
    page = reader.read_entries(entry(), "no ad", entry())
    first, bad, last = page.entries
    assert (first.rank, last.rank) == (1, 3)
    assert bad == UnreadableAd(market, 1, now, "Expected `object`, got `str`", b'"no ad"')


@pytest.mark.parametrize("bad", [None, 0, "text", [], {}, {"adv": None}, {"advertiser": {}}])
def test_what_is_no_ad_is_unreadable(reader, bad):
    (entry,) = reader.read_entries(bad).entries
    assert isinstance(entry, UnreadableAd)
    assert json.loads(entry.raw) == bad


@pytest.mark.parametrize("part", ["adv", "advertiser"])
def test_an_entry_whose_halves_are_no_objects_is_unreadable(reader, entry, part):
    (read,) = reader.read_entries(entry(**{part: []})).entries
    assert isinstance(read, UnreadableAd)
    assert part in read.error


@pytest.mark.parametrize("data", [b"{}", b'"x"', b"1", b"true"])
def test_data_that_is_no_list_is_broken(reader, data):
    with pytest.raises(BrokenJsonError, match="the data of USDT/VES SELL page 1: Expected"):
        reader.read(data)


@settings(max_examples=150, deadline=None)
@given(st.lists(JSON, max_size=5))
def test_any_json_in_place_of_entries_costs_no_entry(new_reader, entries):
    page = new_reader().read(json.dumps(entries).encode())
    assert [json.loads(entry.raw) for entry in page.entries] == entries
    assert all(isinstance(entry, UnreadableAd) for entry in page.entries)


@settings(max_examples=50, deadline=None)
@given(JSON)
def test_any_json_in_place_of_the_data_is_a_page_or_broken(new_reader, data):
    text = json.dumps(data).encode()
    if isinstance(data, list):
        assert len(new_reader().read(text).entries) == len(data)
    else:
        with pytest.raises(BrokenJsonError):
            new_reader().read(text)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from(sorted(KEYS)), JSON, max_size=8),
    st.sets(st.sampled_from(sorted(KEYS)), max_size=8),
    JSON,
)
def test_any_json_in_place_of_values_costs_only_values(
    new_reader, entry, changed, removed, privilege
):
    built = entry(privilegeType=privilege)
    for path, value in changed.items():
        part, _, key = path.partition(".")
        built[part][key] = value
    for path in removed:
        part, _, key = path.partition(".")
        built[part].pop(key)
    reader = new_reader()
    (ad,) = reader.read_entries(built).entries
    assert isinstance(ad, Ad)
    assert all(reader.drift.counts[f"missing {path}"] == 1 for path in removed)
    assert all(getattr(ad, KEYS[path]) is None for path in removed)
    costly = [name for name in reader.drift.counts if not name.startswith("long decimal ")]
    assert len([each for news in reader.told for each in news.split("; ")]) == len(costly)


def _with(entry, value: bytes, key: str = "adv__price") -> bytes:
    """The data of one entry in which a value is replaced by JSON text."""
    return json.dumps([entry(**{key: "@"})]).encode().replace(b'"@"', value)


def test_bytes_that_are_no_utf8_cost_only_their_entry(reader, entry):
    sound = json.dumps(entry()).encode()
    data = b"[" + _with(entry, b'"\xff"', "adv__advNo")[1:-1] + b"," + sound + b"]"
    bad, good = reader.read(data).entries
    assert isinstance(bad, UnreadableAd)
    assert isinstance(good, Ad)


def test_bytes_that_are_no_utf8_under_an_unread_key_cost_nothing(reader, entry):
    (ad,) = reader.read(_with(entry, b'"\xff"', "adv__remarks")).entries
    assert ad.price == 58.1


def test_a_whole_number_beyond_float64_is_null_and_said(reader, entry):
    (ad,) = reader.read(_with(entry, b"1" + b"0" * 400)).entries
    assert ad.price is None
    assert reader.drift.counts == {"type adv.price": 1}


@pytest.mark.parametrize("key", ["adv__payTimeLimit", "advertiser__monthOrderCount"])
def test_a_whole_number_beyond_int64_is_null_and_said(reader, entry, key):
    (ad,) = reader.read_entries(entry(**{key: 2**63})).entries
    assert None in (ad.pay_time_limit_minutes, ad.month_order_count)
    assert reader.drift.counts == {f"value {key.replace('__', '.')}": 1}


@pytest.mark.parametrize("value", [b"1e999", b"1" + b"0" * 5000], ids=["float", "int"])
def test_a_number_beyond_measure_under_an_unread_key_costs_nothing(reader, entry, value):
    (ad,) = reader.read(_with(entry, value, "adv__remarks")).entries
    assert ad.price == 58.1
