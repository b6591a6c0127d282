"""What the exchange says it trades: nothing, less than before, or nothing any more."""

import json

import pytest

PROFILE = "/bapi/c2c/v2/friendly/c2c/user/profile-and-ads-list"


@pytest.fixture(scope="module")
def empty_exchange(open_exchange, tmp_path_factory):
    """It answers every question well, and trades nothing."""
    folder = tmp_path_factory.mktemp("nothing")
    nothing = {
        "recorded_at": "2026-01-01T00:00:00Z",
        "request": {"method": "GET", "path": f"{PROFILE}?userNo=s1", "body": None},
        "response": {"status": 200, "body": {"code": "000000", "data": {}, "success": True}},
    }
    (folder / "nothing.jsonl").write_text(json.dumps(nothing))
    return open_exchange(replay=folder)


def test_an_exchange_that_lists_no_currency_fails_in_a_line(empty_exchange, census):
    crawl = census(empty_exchange)
    assert crawl.is_accounted_for()
    assert (crawl.code, crawl.manifest["status"]) == (1, "failed")
    assert "(no currency was listed) and no catalogue is kept" in crawl.manifest["stopped"]
    assert "defect" not in crawl.manifest["errors"]
    assert not (crawl.folder / "catalogue.json").exists()


def test_a_kept_catalogue_replaces_empty_lists(empty_exchange, open_exchange, census):
    """The books are empty too: a wrong answer, which the next batch must not take for granted."""
    first = census(open_exchange(fiats=("VND", "UAH"), assets=("USDT",), ads=40))
    assert first.code == 0
    kept = (first.folder / "catalogue.json").read_bytes()
    crawl = census(empty_exchange, first.folder, CATALOGUE_HOURS=0)
    assert crawl.is_accounted_for()
    assert crawl.manifest["catalogue"] == (
        "kept: the list of fiats: no currency was listed; "
        "VND: no asset was listed; UAH: no asset was listed"
    )
    assert crawl.verdicts == dict.fromkeys(first.verdicts, "complete")
    assert (first.folder / "catalogue.json").read_bytes() == kept
