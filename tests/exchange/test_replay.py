import gzip
import json
from collections import defaultdict

import pytest

from p2p_scrapy.exchange import ExchangeOptions, running_exchange
from p2p_scrapy.exchange.errors import OptionError, RecordingError

SEARCH = "/bapi/c2c/v2/friendly/c2c/adv/search"
PORTAL = "/bapi/c2c/v2/friendly/c2c/portal/config"


def recording(page, answer, *, at="2026-01-01T00:00:00Z", fiat="BOB", **body):
    asked = {"page": page, "rows": 10, "asset": "USDT", "fiat": fiat, "tradeType": "BUY"} | body
    return {
        "recorded_at": at,
        "request": {"method": "POST", "path": SEARCH, "body": asked},
        "response": {"status": 200, "body": answer},
        "note": "made up",
    }


@pytest.fixture
def replaying(open_exchange, tmp_path):
    def open_with(*recordings):
        lines = "\n".join(json.dumps(each) for each in recordings)
        (tmp_path / "made_up.jsonl").write_text(lines)
        return open_exchange(replay=tmp_path)

    return open_with


def read(captures):
    for path in sorted(captures.glob("*.jsonl.gz")):
        for line in gzip.decompress(path.read_bytes()).splitlines():
            yield json.loads(line)


def test_answers_every_recording_as_it_was_in_recorded_order(open_exchange, captures):
    asker = open_exchange(replay=captures)
    takes = defaultdict(list)
    for each in sorted(read(captures), key=lambda r: r["recorded_at"]):
        asked = each["request"]
        takes[asked["method"], asked["path"], json.dumps(asked["body"])].append(each)
    assert len(takes) > 10
    for (method, path, _), recordings in takes.items():
        for each in (*recordings, recordings[-1]):
            answer = asker.ask(method, path, each["request"]["body"])
            assert answer.status == 200
            assert answer.json == each["response"]["body"]


def test_the_last_of_several_answers_repeats_and_rows_do_not_matter(replaying):
    late = recording(1, {"n": 2, "total": 7, "data": []}, at="2026-01-02T00:00:00Z")
    asker = replaying(late, recording(1, {"n": 1, "total": 7, "data": []}))
    assert [asker.search("BOB", rows=rows).json["n"] for rows in (20, 5, 20)] == [1, 2, 2]


def test_a_page_without_a_recording_is_empty_with_the_total_of_page_1(replaying):
    asker = replaying(recording(1, {"data": [], "total": 66}, payTypes=["B", "A"]))
    assert asker.search("BOB", page=2, payTypes=["A", "B"]).json["total"] == 0
    asker.search("BOB", payTypes=["A", "B"])
    after = asker.search("BOB", page=2, payTypes=["A", "B"]).json
    assert (after["data"], after["total"], after["success"]) == ([], 66, True)
    assert asker.search("BOB").json["total"] == 0


def test_a_recorded_failure_has_no_total(replaying):
    asker = replaying(recording(1, {"code": "083932", "data": None, "success": False}))
    assert asker.search("BOB").json["success"] is False
    assert asker.search("BOB", page=2).json["total"] == 0


def test_discovery_is_made_of_what_was_recorded(replaying):
    empty = {"data": [], "total": 0}
    asker = replaying(
        recording(1, empty), recording(1, empty, asset="BTC"), recording(1, empty, fiat="RUB")
    )
    fiats = asker.post("/bapi/c2c/v1/friendly/c2c/trade-rule/fiat-list", {}).json["data"]
    assert [fiat["currencyCode"] for fiat in fiats] == ["BOB", "RUB"]
    areas = asker.post(PORTAL, {"fiat": "BOB"}).json["data"]["areas"]
    p2p = next(area for area in areas if area["area"] == "P2P")
    for side in p2p["tradeSides"]:
        assert [asset["asset"] for asset in side["assets"]] == ["USDT", "BTC"]
    conditions = asker.post("/bapi/c2c/v2/public/c2c/adv/filter-conditions", {"fiat": "RUB"})
    assert conditions.json["data"]["preferredCountry"] is None


def test_an_advertiser_who_was_not_recorded_is_an_illegal_parameter(replaying):
    asker = replaying(recording(1, {"data": []}))
    path = "/bapi/c2c/v2/friendly/c2c/user/profile-and-ads-list?userNo=s1"
    assert asker.get(path).json["code"] == "000002"


def test_there_is_no_book_of_recordings(replaying):
    asker = replaying(recording(1, {"data": []}))
    assert asker.get("/exchange/book").status == 409
    assert asker.get("/exchange/ads?fiat=BOB&asset=USDT&side=SELL").status == 404
    with pytest.raises(LookupError):
        _ = asker.exchange.world


def test_a_fault_strikes_recordings_too(replaying):
    asker = replaying(recording(1, {"data": [], "total": 0}))
    asker.exchange.adjust(faults=["error502=1"])
    assert asker.search("BOB").status == 502
    with pytest.raises(OptionError, match="do not move"):
        asker.exchange.adjust(faults=["moving-ads=1"])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "truncated"),
        ('{"recorded_at": "2026"}', "missing required field"),
        (json.dumps(recording(1, {})).replace("200", "429"), "only answers with 200"),
    ],
)
def test_a_line_that_is_no_recording_is_named(tmp_path, line, reason):
    (tmp_path / "bad.jsonl").write_text(f"{json.dumps(recording(1, {}))}\n{line}\n")
    with (
        pytest.raises(RecordingError, match=reason) as refused,
        running_exchange(ExchangeOptions(replay=tmp_path)),
    ):
        pass
    assert "bad.jsonl, line 2" in str(refused.value)


def test_a_folder_without_recordings_is_refused(tmp_path):
    with (
        pytest.raises(OptionError, match=r"\*\.jsonl"),
        running_exchange(ExchangeOptions(replay=tmp_path)),
    ):
        pass


def test_a_file_that_is_cut_short_is_named(tmp_path):
    whole = gzip.compress(json.dumps(recording(1, {})).encode())
    (tmp_path / "cut.jsonl.gz").write_bytes(whole[:-20])
    with (
        pytest.raises(RecordingError, match=r"cut\.jsonl\.gz, line 1: unreadable"),
        running_exchange(ExchangeOptions(replay=tmp_path)),
    ):
        pass
