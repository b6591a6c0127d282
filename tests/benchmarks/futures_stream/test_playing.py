import asyncio
import itertools
from math import inf

import aiohttp
import pytest

from benchmarks.futures_stream.messages import BOOKS, RECORDINGS, TRADES, messages
from benchmarks.futures_stream.player import Player
from p2p_scrapy.futures.book.change import Fit, changes, fit
from p2p_scrapy.futures.frames import decode_frames

needs_recordings = pytest.mark.skipif(not RECORDINGS.exists(), reason=f"no {RECORDINGS}")


@needs_recordings
def test_no_trade_is_played_twice_and_none_is_missing():
    frames = messages(TRADES, 130)
    trades = decode_frames(frames, range(130)).trades.to_pylist()
    assert [row["agg_trade_id"] for row in trades] == list(range(3454067270, 3454067400))
    for row, following in itertools.pairwise(trades):
        assert following["first_trade_id"] == row["last_trade_id"] + 1
        assert following["transact_time"] >= row["transact_time"]


@needs_recordings
def test_books_are_one_chain():
    decoded = decode_frames(messages(BOOKS, 1300), range(1300))
    assert decoded.depth.num_rows == 1300
    rows = [change for _, change in changes(decoded.depth)]
    for row, following in itertools.pairwise(rows):
        assert fit(following, row.final_id, row.transaction_ms) is Fit.NEXT


def play(frames, rate):
    """Everything that a client receives, and whether the player knows that it did."""

    async def run():
        player = Player(frames, rate)
        player.may_end.set()
        async with player.serving() as port, aiohttp.ClientSession() as session:
            url = f"http://127.0.0.1:{port}/x"
            async with session.ws_connect(url, decode_text=False) as socket:
                received = [message.data async for message in socket]
            return received, player.taken.is_set(), socket.close_code

    return asyncio.run(run())


@pytest.mark.parametrize("rate", [inf, 10_000])
def test_a_player_plays_everything_and_knows_when_it_was_taken(rate):
    frames = [b"x" * size for size in (1, 125, 126, 1000, 65_535)] * 60
    assert play(frames, rate) == (frames, True, 1000)
