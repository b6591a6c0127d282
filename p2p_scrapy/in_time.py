"""Blocking work that nobody has to wait for longer than it is worth."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TypeVar

_Result = TypeVar("_Result")


async def in_time(work: Callable[[], _Result], seconds: float, name: str) -> _Result:
    """Do it in a thread of that name, which the process does not wait for when it ends.

    Raises:
        TimeoutError: it took longer than so many real seconds; it may still come to its end.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[_Result] = loop.create_future()

    def settle(give: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop is gone, and nobody waits any more
            loop.call_soon_threadsafe(lambda: done.done() or give())

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
            settle(partial(done.set_exception, error))
        else:
            settle(partial(done.set_result, result))

    threading.Thread(target=run, name=name, daemon=True).start()
    return await asyncio.wait_for(done, seconds)
