import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from p2p_scrapy.census.scope import Scope
from p2p_scrapy.watch.notices import Ended, StandingAlerts
from p2p_scrapy.watch.notices.standing import MOST_WAITING

EVERYTHING = Scope()


def told(standing, address="1 (Slack)"):
    return [message.body for message in standing.waiting(address)]


def test_each_kind_is_told_once_while_it_stands(standing):
    assert standing.call("blocked", "refused", EVERYTHING)
    assert not standing.call("blocked", "refused again", EVERYTHING)
    assert standing.call("timeout", "late", EVERYTHING)
    assert told(standing) == [
        "ALERT at 2026-06-05 13:30:00 UTC: refused\nWhat to do: blocked in docs/alerts.md",
        "ALERT at 2026-06-05 13:30:00 UTC: late\nWhat to do: timeout in docs/alerts.md",
    ]


def test_it_is_told_again_once_it_has_recovered(standing, hands):
    standing.call("blocked", "first", EVERYTHING)
    hands.turn(minutes=10)
    assert standing.recover("blocked")
    assert not standing.recover("blocked")
    hands.turn(minutes=10)
    assert standing.call("blocked", "second", EVERYTHING)
    assert [body.splitlines()[0] for body in told(standing)] == [
        "ALERT at 2026-06-05 13:30:00 UTC: first",
        "Recovered at 2026-06-05 13:40:00 UTC; it stood since 2026-06-05 13:30:00 UTC",
        "ALERT at 2026-06-05 13:50:00 UTC: second",
    ]


def test_alert_and_recovery_have_one_title_by_which_they_are_put_together(standing):
    standing.call("blocked", "refused")
    standing.recover("blocked")
    raised, recovered = standing.waiting("1 (Slack)")
    assert raised.title == recovered.title
    assert raised.title.endswith(": blocked")
    assert (raised.tone, recovered.tone) == ("failure", "success")


def test_failures_in_a_row_are_one_trouble_however_many_they_are(standing):
    assert standing.call("5_failures", "5 batches failed in a row", EVERYTHING)
    assert not standing.call("10_failures", "10 batches failed in a row", EVERYTHING)


def first_lines(standing):
    return [body.splitlines()[0].partition(" UTC: ")[2] for body in told(standing)]


def test_a_further_change_of_the_answers_is_told_while_the_first_stands(standing, standing_of):
    assert standing.call("answers_changed", "a is missing; b is missing", EVERYTHING)
    assert not standing.call("answers_changed", "b is missing", EVERYTHING)
    assert standing.call("answers_changed", "b is missing; c has another type", EVERYTHING)
    later = standing_of("1 (Slack)")
    assert not later.call("answers_changed", "c has another type; a is missing", EVERYTHING)
    assert first_lines(standing) == ["a is missing; b is missing", "c has another type"]


def test_a_change_is_told_again_once_all_have_recovered(standing):
    standing.call("answers_changed", "a is missing", EVERYTHING)
    standing.call("answers_changed", "b is missing", EVERYTHING)
    assert standing.recover("answers_changed")
    assert not standing.recover("answers_changed")
    assert standing.call("answers_changed", "a is missing", EVERYTHING)
    assert first_lines(standing) == ["a is missing", "b is missing", "", "a is missing"]


def test_an_alert_that_says_nothing_is_told_too(standing):
    assert standing.call("defect", "")
    assert not standing.call("defect", "")


def test_what_tells_of_a_change_is_told_each_time_and_never_stands(standing):
    assert standing.call("empty_market", "USDT/VES BUY", EVERYTHING)
    assert standing.call("empty_market", "USDT/BOB BUY", EVERYTHING)
    assert not standing.recover("empty_market")


def test_a_long_error_is_cut(standing):
    standing.call("defect", "x" * 5_000)
    (body,) = told(standing)
    assert len(body) < 1_200
    assert "xxx ...\n" in body


def test_what_stands_outlives_the_process(standing, standing_of):
    standing.call("blocked", "refused", EVERYTHING)
    later = standing_of("1 (Slack)")
    assert not later.is_blank
    assert not later.call("blocked", "refused", EVERYTHING)
    assert told(later) == told(standing)


def test_nothing_is_written_before_anything_is_raised(standing, tmp_path):
    assert standing.is_blank
    assert not standing.recover("blocked")
    assert not (tmp_path / "alerts/standing.json").exists()


def test_each_address_has_a_list_of_its_own(standing_of):
    standing = standing_of("1 (Slack)", "2 (E-Mail)")
    standing.call("blocked", "refused")
    (message,) = standing.waiting("1 (Slack)")
    standing.delivered("1 (Slack)", message)
    assert standing.waiting("1 (Slack)") == []
    assert standing.waiting("2 (E-Mail)") == [message]


def test_an_address_that_takes_nothing_for_long_does_not_fill_the_disk(standing):
    for number in range(MOST_WAITING + 5):
        standing.call("empty_market", f"market {number}")
    bodies = told(standing)
    assert len(bodies) == MOST_WAITING
    assert "market 5\n" in bodies[0]


def test_a_spoiled_file_is_begun_anew(standing, standing_of, tmp_path, caplog):
    standing.call("blocked", "refused")
    (tmp_path / "alerts/standing.json").write_text('{"standing": []}')
    assert standing_of("1 (Slack)").call("blocked", "refused")
    assert "is begun anew" in caplog.text


def test_the_load_of_a_batch_and_the_next_batch_may_raise_at_once(standing_of, tmp_path):
    kinds = [f"kind_{number}" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        # A lock of its own each, as in processes.
        assert all(pool.map(lambda kind: standing_of("1 (Slack)").call(kind, "x"), kinds))
    state = json.loads((tmp_path / "alerts/standing.json").read_text())
    assert set(state["standing"]) == set(kinds)
    assert len(state["waiting"]["1 (Slack)"]) == 40


def fill(folder):
    with suppress(OSError), (folder / "full").open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4_096)


def test_a_full_disk_does_not_keep_its_own_alert_from_being_told(hands, small_disk, caplog):
    standing = StandingAlerts(small_disk, ["1 (Slack)"], hands.now)
    fill(small_disk)
    assert standing.call("disk_full", "no space left")
    assert not standing.call("disk_full", "no space left")
    assert len(told(standing)) == 1
    assert caplog.text.count("cannot be written") == 1
    (small_disk / "full").unlink()
    standing.call("blocked", "refused")
    assert (small_disk / "alerts/standing.json").exists()
    assert len(told(standing)) == 2


@pytest.fixture
def ended(record):
    """A batch of everything that was completed, but for what a test says."""

    def build(*kinds, scope=EVERYTHING):
        loaded = {"is_loaded": True, "is_whole": True}
        return Ended(scope=scope, record=record(), **loaded, kinds=set(kinds))

    return build


def test_a_batch_strikes_out_what_it_has_not_raised_again(standing, ended):
    standing.call("blocked", "refused", EVERYTHING)
    standing.call("timeout", "late", EVERYTHING)
    standing.call("scrapyd_away", "no answer")
    standing.batch_ended(ended("timeout"))
    assert standing.recover("timeout")
    assert standing.recover("scrapyd_away")
    assert not standing.recover("blocked")


def test_a_batch_that_is_late_strikes_out_nothing_that_the_next_has_raised(standing, ended, hands):
    standing.call("blocked", "refused", EVERYTHING)
    late = ended()
    hands.turn(minutes=1)
    standing.call("blocked", "refused again", EVERYTHING)
    standing.batch_ended(late)
    assert standing.recover("blocked")


def test_what_both_raised_is_struck_out_by_who_reads_as_much_as_both(standing, ended):
    bolivia, venezuela = Scope(fiats=("BOB",)), Scope(fiats=("VES",))
    for order in ([EVERYTHING, bolivia], [bolivia, EVERYTHING]):
        for scope in order:
            standing.call("blocked", "refused", scope)
        standing.batch_ended(ended(scope=bolivia))
        standing.batch_ended(ended(scope=venezuela))
        assert not standing.call("blocked", "still", bolivia)
        standing.batch_ended(ended())
        assert not standing.recover("blocked")
