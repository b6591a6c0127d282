import json
from datetime import timedelta

import pytest

from items import Market, Side
from p2p_scrapy.census.catalogue import Catalogue

MARKETS = [
    Market("USDT", "VES", Side.SELL),
    Market("BTC", "VES", Side.SELL),
    Market("USDT", "VES", Side.BUY),
]


@pytest.fixture
def catalogue(epoch):
    catalogue = Catalogue()
    catalogue.list_fiats(["VES", "BOB"], epoch)
    catalogue.list_markets("VES", MARKETS, epoch)
    return catalogue


def test_a_new_catalogue_knows_nothing(epoch):
    empty = Catalogue()
    assert (empty.fiats, empty.markets("VES"), empty.assets()) == ([], [], [])
    assert not empty.has_fresh_fiats(epoch, 24)
    assert not empty.has_fresh_markets("VES", epoch, 24)


def test_what_was_entered(catalogue):
    assert catalogue.fiats == ["VES", "BOB"]
    assert catalogue.markets("VES") == [
        Market("USDT", "VES", Side.BUY),
        Market("USDT", "VES", Side.SELL),
        Market("BTC", "VES", Side.SELL),
    ]
    assert catalogue.markets("BOB") == []


def test_assets_of_all_fiats_each_once(catalogue, epoch):
    catalogue.list_markets("BOB", [Market(a, "BOB", Side.BUY) for a in ("ETH", "BTC")], epoch)
    assert catalogue.assets() == ["USDT", "BTC", "ETH"]


@pytest.mark.parametrize(
    ("age", "hours", "is_fresh"),
    [
        (timedelta(0), 24, True),
        (timedelta(hours=24, microseconds=-1), 24, True),
        (timedelta(hours=24), 24, False),
        (timedelta(0), 0, False),
        (timedelta(minutes=29), 0.5, True),
        (-timedelta(microseconds=1), 24, False),
    ],
)
def test_freshness(catalogue, epoch, age, hours, is_fresh):
    assert catalogue.has_fresh_fiats(epoch + age, hours) is is_fresh
    assert catalogue.has_fresh_markets("VES", epoch + age, hours) is is_fresh
    assert not catalogue.has_fresh_markets("BOB", epoch + age, hours)


def test_an_empty_list_is_asked_again_however_young_it_is(epoch):
    catalogue = Catalogue(fiats=[], told_at=epoch)
    assert not catalogue.has_fresh_fiats(epoch, 24)


def test_it_comes_back_as_it_was_saved(catalogue, tmp_path):
    catalogue.save(tmp_path)
    assert Catalogue.load(tmp_path) == catalogue
    assert [path.name for path in tmp_path.iterdir()] == ["catalogue.json"]


def test_the_file(catalogue, tmp_path):
    catalogue.save(tmp_path)
    assert json.loads((tmp_path / "catalogue.json").read_text()) == {
        "fiats": ["VES", "BOB"],
        "told_at": "2026-06-05T13:30:00Z",
        "listings": {
            "VES": {
                "assets": {"BUY": ["USDT"], "SELL": ["USDT", "BTC"]},
                "told_at": "2026-06-05T13:30:00Z",
            }
        },
    }


def test_a_missing_one_is_empty_and_no_matter(tmp_path, caplog):
    assert Catalogue.load(tmp_path) == Catalogue()
    assert caplog.messages == []


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"fiats": 1}', b"\xff", b'{"fiats": ["\xff"]}', b'{"told_at": "soon"}'],
)
def test_a_corrupt_one_is_empty_and_said(tmp_path, caplog, content):
    (tmp_path / "catalogue.json").write_bytes(content)
    assert Catalogue.load(tmp_path) == Catalogue()
    assert len(caplog.messages) == 1
    assert "catalogue.json cannot be used and is begun anew" in caplog.messages[0]


def test_a_folder_in_its_place_is_said(tmp_path, caplog):
    (tmp_path / "catalogue.json").mkdir()
    assert Catalogue.load(tmp_path) == Catalogue()
    assert "cannot be used" in caplog.messages[0]


def test_a_time_without_a_zone_is_corrupt(tmp_path, epoch):
    (tmp_path / "catalogue.json").write_text('{"fiats": ["VES"], "told_at": "2026-06-05T13:00:00"}')
    assert not Catalogue.load(tmp_path).has_fresh_fiats(epoch, 24)
