from datetime import UTC, datetime, timedelta

import pytest

from items import Side, Status
from p2p_scrapy.census.scope import Scope
from p2p_scrapy.watch.notices import Ended
from p2p_scrapy.watch.notices.evidence import covers

STARTED_AT = datetime(2026, 6, 5, 13, 30, tzinfo=UTC)
EVERYTHING = Scope()
BOLIVIA = Scope(fiats=("BOB",))
SAMPLE = Scope(fiats=("BOB",), max_pages=1)


@pytest.fixture
def disproves(record):
    """Whether a batch of such a record disproves an alert of ``kind``."""

    def ask(kind, *raised, by=EVERYTHING, scope=EVERYTHING, is_loaded=True, is_whole=True, **more):
        loaded = {"is_loaded": is_loaded, "is_whole": is_whole}
        ended = Ended(scope=scope, record=record(**more), **loaded, kinds=set(raised))
        return ended.disproves(kind, by, STARTED_AT)

    return ask


def test_a_batch_that_went_through_without_it(disproves):
    assert disproves("timeout")
    assert disproves("timeout", "blocked")
    assert disproves("timeout", status=Status.PARTIAL)


def test_not_one_that_raised_it_again(disproves):
    assert not disproves("timeout", "timeout")
    assert not disproves("failures", "failures", status=Status.FAILED)


def test_not_one_that_did_not_come_far(disproves):
    assert not disproves("timeout", status=Status.FAILED)
    assert not disproves("timeout", status=Status.PARTIAL, stopped="SIGTERM")


def test_not_one_that_could_not_be_written():
    ended = Ended(scope=EVERYTHING, record=None, is_loaded=False, is_whole=False, kinds=())
    assert not ended.disproves("timeout", EVERYTHING, STARTED_AT)
    assert not ended.disproves("no_completed_batch", None, STARTED_AT)


def test_not_one_that_had_closed_before_it_was_raised(disproves):
    """By the next batch, while this one was loaded."""
    later, before = (STARTED_AT + timedelta(minutes=each) for each in (1, -1))
    assert disproves("timeout", ended_at=later)
    assert not disproves("timeout", ended_at=before)


@pytest.mark.parametrize("kind", ["failures", "no_completed_batch"])
def test_only_a_completed_batch_ends_that_there_was_none(disproves, kind):
    assert disproves(kind, by=None)
    assert disproves(kind, scope=BOLIVIA)
    assert not disproves(kind, status=Status.PARTIAL)
    assert not disproves(kind, scope=SAMPLE, sample=True)


@pytest.mark.parametrize("kind", ["database_lost", "batch_damaged"])
def test_only_a_load_ends_what_is_about_the_warehouse(disproves, kind):
    assert disproves(kind)
    assert disproves(kind, status=Status.FAILED)
    assert not disproves(kind, is_loaded=False, is_whole=False)


def test_a_damaged_batch_stands_until_the_warehouse_lacks_none(disproves):
    assert disproves("database_lost", is_whole=False)
    assert not disproves("batch_damaged", is_whole=False)


def test_what_a_script_raised_is_the_scripts_to_end(disproves):
    assert not disproves("scrapyd_away", by=None)


def test_a_narrow_crawl_proves_nothing_of_a_wider_one(disproves):
    assert disproves("timeout", by=BOLIVIA, scope=EVERYTHING)
    assert disproves("timeout", by=BOLIVIA, scope=BOLIVIA)
    assert not disproves("timeout", by=EVERYTHING, scope=BOLIVIA)


@pytest.mark.parametrize(
    ("wide", "narrow", "does"),
    [
        (EVERYTHING, BOLIVIA, True),
        (BOLIVIA, EVERYTHING, False),
        (Scope(fiats=("BOB", "VES")), BOLIVIA, True),
        (BOLIVIA, Scope(fiats=("BOB", "VES")), False),
        (Scope(sides=(Side.BUY,)), BOLIVIA, False),
        (Scope(fiats=("BOB",), assets=("USDT",)), BOLIVIA, False),
        (EVERYTHING, SAMPLE, False),
        (SAMPLE, SAMPLE, True),
        (SAMPLE, Scope(fiats=("BOB",), max_pages=2), False),
    ],
)
def test_what_is_as_wide_as_what(wide, narrow, does):
    assert covers(wide, narrow) is does
