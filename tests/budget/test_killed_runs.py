"""What a run that was killed had asked: claimed before it leaves, and never counted too low."""

import json


def test_what_a_killed_run_had_asked_is_never_counted_too_low(run):
    """Kill it after each of its requests; the next run comes at once."""
    for kill_after in range(1, 101):
        first = run(200 * kill_after)
        for _ in range(kill_after):
            first.ask(1)
            first.clock.pass_by(0.25)
        counted = run(first.clock.after).spent()
        assert kill_after <= counted <= kill_after + first.lane.window.budget // 10 + 1


def test_requests_of_a_killed_run_that_were_on_the_wire_are_counted(run):
    first = run()
    first.ask(30, answers=4)
    assert run(3).spent() == 30 + 10


def test_what_a_killed_run_may_have_asked_counts_for_a_minute_from_the_next_start(run):
    run().ask(5)
    later = run(30)
    assert later.spent() == 5 + 10
    later.clock.pass_by(59)
    assert later.spent() == 5 + 10
    later.clock.pass_by(1)
    assert later.spent() == 0


def test_a_run_that_was_killed_long_ago_costs_nothing(run):
    run().ask(50, answers=0)
    assert run(119).spent() == 60
    assert run(120).spent() == 0


def test_a_claim_is_made_anew_before_it_could_be_forgotten(run):
    first = run()
    for _ in range(5):
        first.ask(1)
        first.clock.pass_by(61)
    assert run(first.clock.after - 30).spent() >= 1


def test_a_run_that_ended_leaves_no_claim(run):
    first = run()
    first.ask(7)
    first.end()
    assert run().spent() == 7


def test_the_file_is_written_before_the_request_leaves(run, tmp_path):
    first = run()
    assert not (tmp_path / "budget.json").exists()
    first.lane.pay(1)
    (account,) = json.loads((tmp_path / "budget.json").read_text())["lanes"].values()
    assert account["unanswered"] == 1 + 10


def test_the_file_is_written_once_in_a_tenth_of_the_budget(run, tmp_path):
    first, written = run(), set()
    for _ in range(100):
        first.ask(1)
        written.add((tmp_path / "budget.json").stat().st_ino)
        first.clock.pass_by(0.1)
    text = (tmp_path / "budget.json").read_text()
    assert len(json.loads(text)["lanes"]) == 1
    assert len(written) <= 11


def test_a_large_budget_claims_by_what_is_used(run):
    first = run(budget=100_000, most=100_000)
    for _ in range(30):
        first.ask(1)
    assert 30 <= run(budget=100_000, most=100_000).spent() <= 30 + 10 + 1
    for _ in range(4000):
        first.ask(1)
    assert 4030 <= run(budget=100_000, most=100_000).spent() <= 4030 * 1.25 + 1


def test_a_full_disk_stops_no_request(run, tmp_path, caplog):
    first = run()
    tmp_path.joinpath("budget.json").mkdir()
    first.ask(3)
    first.end()
    assert first.lane.window.out == 0
    assert "will not know of this one's last minute" in caplog.text


def test_a_run_that_is_killed_in_a_pause_leaves_it_with_its_ladder_and_budget(run):
    first = run()
    first.ask(60)
    first.refuse(retry_after=900.0)
    later = run(100)
    assert later.lane.paused_until - later.clock.at == 800.0
    assert (later.lane.rung, later.lane.window.budget) == (1, first.lane.window.budget)
    assert later.lane.allowance.failing.rate == 61
