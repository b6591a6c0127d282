import pytest

from p2p_scrapy.browser.road import Road
from p2p_scrapy.parsing import Transport


@pytest.fixture
def road():
    return Road(Transport.AUTO)


def test_the_setting_decides_the_beginning():
    assert not Road(Transport.API).is_browser("direct")
    assert Road(Transport.BROWSER).is_browser("direct")
    assert not Road(Transport.AUTO).is_browser("direct")


def test_a_second_challenge_after_the_pause_of_the_first_is_time_to_change(road):
    assert not road.challenged("direct", asked_at=0, now=1)
    assert road.challenged("direct", asked_at=61, now=62)


def test_what_left_before_the_first_challenge_came_tells_nothing_new(road):
    answers = [road.challenged("direct", asked_at=0.1 * n, now=1 + 0.1 * n) for n in range(9)]
    assert answers == [False] * 9


def test_a_good_answer_between_them_begins_anew(road):
    road.challenged("direct", asked_at=0, now=1)
    road.answered("direct")
    assert not road.challenged("direct", asked_at=61, now=62)


def test_each_lane_goes_its_own_way(road):
    road.challenged("direct", asked_at=0, now=1)
    assert not road.challenged("10.0.0.1:80", asked_at=61, now=62)
    road.change_over("direct")
    assert road.is_browser("direct")
    assert not road.is_browser("10.0.0.1:80")


def test_a_lane_changes_over_once(road):
    road.challenged("direct", asked_at=0, now=1)
    road.change_over("direct")
    assert not road.challenged("direct", asked_at=61, now=62)


@pytest.mark.parametrize("transport", [Transport.API, Transport.BROWSER])
def test_only_auto_ever_changes(transport):
    road = Road(transport)
    assert not any(road.challenged("direct", asked_at=n, now=n + 0.5) for n in range(9))


def test_without_a_browser_it_stays_with_the_api_for_good(road):
    road.change_over("direct")
    road.stay()
    assert not road.is_browser("direct")
    assert not any(road.challenged("direct", asked_at=n, now=n + 0.5) for n in range(9))
