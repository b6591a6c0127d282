"""What has arrived and is not kept yet."""

from p2p_scrapy.futures.stream.events import Closed, Dropped, Frames, Opened, Reason
from p2p_scrapy.futures.stream.inbox import Inbox


def test_frames_stay_in_the_order_of_what_happens_between_them():
    inbox = Inbox()
    inbox.event(Opened(1, "market-1"))
    inbox.frame(1, 10, b"a")
    inbox.frame(1, 11, b"b")
    inbox.event(Closed(1, Reason.CUT, 12))
    inbox.frame(1, 13, b"c")
    assert inbox.take(0) == [
        Opened(1, "market-1"),
        Frames(1, [10, 11], [b"a", b"b"]),
        Closed(1, Reason.CUT, 12),
        Frames(1, [13], [b"c"]),
    ]
    assert inbox.take(0) == []


def test_what_has_no_room_is_counted_and_leaves_no_hole_within():
    inbox = Inbox(most_bytes=3)
    inbox.frame(1, 1, b"abc")
    inbox.frame(1, 2, b"d")
    inbox.frame(2, 3, b"e")
    assert inbox.take(9) == [Frames(1, [1], [b"abc"]), Dropped(1, 1, 9), Dropped(2, 1, 9)]
    inbox.frame(1, 4, b"f")
    assert inbox.take(9) == [Frames(1, [4], [b"f"])]
    assert inbox.dropped == 2
