"""Sends messages by apprise: each address in a thread of its own, and for a bounded time."""

import logging
import re
import threading
import time
from collections.abc import Callable, Sequence

from p2p_scrapy.alert_addresses import AlertAddress, service_at
from p2p_scrapy.watch.notices.message import Message
from p2p_scrapy.watch.notices.standing import StandingAlerts

logger = logging.getLogger(__name__)

ADDRESS_SECONDS = 10.0
"""Real seconds that an address gets to take what waits for it."""


class Delivery:
    """Sends what waits; an address that fails is left alone for the rest of the run."""

    def __init__(
        self,
        standing: StandingAlerts,
        addresses: Sequence[AlertAddress],
        seconds: float = ADDRESS_SECONDS,
    ) -> None:
        self._standing = standing
        self._usable = list(addresses)
        self._seconds = seconds

    def send_what_waits(self) -> bool:
        """Offer every address what it lacks; whether each has taken all of it."""
        troubles = offer(self._usable, self._send, self._seconds)
        for address, trouble in troubles.items():
            self._usable.remove(address)
            waiting = len(self._standing.waiting(address.name))
            logger.warning(
                "Alert address %s takes no messages: %s; for the next batch: %d",
                *(address.name, trouble, waiting),
            )
        return not troubles

    def _send(self, address: AlertAddress) -> str | None:
        with self._standing.delivering_to(address.name):
            for message in self._standing.waiting(address.name):
                if trouble := send(address, message):
                    return trouble
                self._standing.delivered(address.name, message)
        return None


def offer(
    addresses: Sequence[AlertAddress],
    work: Callable[[AlertAddress], str | None],
    seconds: float,
) -> dict[AlertAddress, str]:
    """Do it for all of them at once; what went wrong, by the address.

    A thread that takes longer is not waited for, neither here nor when the process ends.
    """
    done: dict[AlertAddress, str | None] = {}

    def do(address: AlertAddress) -> None:
        try:
            done[address] = work(address)
        except Exception as error:  # noqa: BLE001 - whatever it is, the crawl goes on
            done[address] = type(error).__name__  # its words may have the address in them

    threads = [threading.Thread(target=do, args=[each], daemon=True) for each in addresses]
    end = time.monotonic() + seconds
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(end - time.monotonic(), 0))
    late = f"not within {seconds:g} s"
    told = {each: done.get(each, late) for each in addresses}
    return {each: trouble for each, trouble in told.items() if trouble}


def send(address: AlertAddress, message: Message) -> str | None:
    """Send one message; in words what went wrong, without a part of the address."""
    from apprise import NotifyFormat, NotifyType  # noqa: PLC0415 - see alert_addresses

    result = service_at(address.url).notify(
        title=message.title,
        body=message.body,
        notify_type=NotifyType(message.tone),
        body_format=NotifyFormat.TEXT,
    )
    if result:
        return None
    said = " ".join(entry.message for entry in result.logs())
    code = re.search(r"\berror=(\d{3})\b", said)  # the rest of it may name the address
    return f"it answered {code[1]}" if code else "there was no answer, or not a good one"
