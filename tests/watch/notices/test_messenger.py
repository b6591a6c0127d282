import threading

from p2p_scrapy.watch.notices import Messenger


class Round:
    """Counts rounds of delivery, and tells what stood in each."""

    def __init__(self):
        self.told = []
        self.begun = threading.Event()
        self.may_end = threading.Event()

    def send_what_waits(self):
        self.told.append([m.title.partition(": ")[2] for m in self.standing.waiting("1 (Slack)")])
        self.begun.set()
        self.may_end.wait()


def messenger_of(standing):
    delivery = Round()
    delivery.standing = standing
    return Messenger(standing, delivery), delivery


def test_what_comes_in_while_it_sends_goes_together(standing):
    messenger, delivery = messenger_of(standing)
    messenger.enter(lambda alerts: alerts.call("first", "x"))
    delivery.begun.wait()
    messenger.enter(lambda alerts: alerts.call("second", "x"))
    messenger.enter(lambda alerts: alerts.call("third", "x"))
    delivery.may_end.set()
    messenger.close()
    assert delivery.told == [["first"], ["first", "second", "third"]]


def test_where_nothing_was_entered_there_is_nothing_to_wait_for(standing):
    messenger, delivery = messenger_of(standing)
    messenger.close()
    assert delivery.told == []


def test_a_fault_is_logged_and_the_next_change_entered(standing, caplog):
    messenger, delivery = messenger_of(standing)
    delivery.may_end.set()
    messenger.enter(lambda _: 1 / 0)
    messenger.enter(lambda alerts: alerts.call("next", "x"))
    messenger.close()
    assert delivery.told[-1] == ["next"]
    assert "ZeroDivisionError" in caplog.text
