"""The alerts that stand and the messages that wait: ``alerts/standing.json``."""

import fcntl
import logging
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from p2p_scrapy import kept
from p2p_scrapy.census.scope import Scope
from p2p_scrapy.kept import Moment
from p2p_scrapy.watch.notices import message
from p2p_scrapy.watch.notices.evidence import EVENTS, Ended, covers
from p2p_scrapy.watch.notices.message import Message

logger = logging.getLogger(__name__)

MOST_WAITING = 100
"""Messages for an address that takes none; of more, the oldest are dropped."""

_Result = TypeVar("_Result")


class Alert(msgspec.Struct, kw_only=True):
    """One that stands: since when, when it was last raised, what it has said.

    ``scope`` is what was read by the batch that raised it; None where a script did.
    """

    since: Moment
    last: Moment
    error: str
    scope: Scope | None


class State(msgspec.Struct, kw_only=True):
    """The file's content: alerts by kind; for each address by its name the messages it lacks."""

    standing: dict[str, Alert] = {}
    waiting: dict[str, list[Message]] = {}


class StandingAlerts:
    """Knows what stands, over batches and processes; every change is a message to each address.

    The load of one batch and the next batch may raise at once, so each change holds a lock. Where
    the disk has no room what changed is kept in memory: an alert of just that has to be told.
    """

    def __init__(
        self, data_dir: Path, addresses: Sequence[str], now: Callable[[], datetime]
    ) -> None:
        self._folder = data_dir / "alerts"
        self._path = self._folder / "standing.json"
        self._addresses = addresses
        self._now = now
        self._mutex = threading.Lock()
        self._unsaved: State | None = None

    @property
    def is_blank(self) -> bool:
        """Whether nothing was ever raised here."""
        return self._unsaved is None and not self._path.exists()

    def call(self, name: str, error: str, scope: Scope | None = None) -> bool:
        """Enter an alert; False where its kind stands already, and says nothing new."""
        kind, now = message.kind_of(name), self._now()

        def enter(state: State) -> bool:
            before = state.standing.get(kind)
            news = error if before is None else message.unsaid(kind, before.error, error)
            if before is not None:
                before.last, before.scope = now, _wider(before.scope, scope)
                if not news:
                    return False
                before.error = f"{before.error}; {news}"
            elif kind not in EVENTS:
                state.standing[kind] = Alert(since=now, last=now, error=error, scope=scope)
            self._tell(state, message.raised(kind, news, now))
            return True

        return self._change(enter)

    def recover(self, kind: str) -> bool:
        """Strike an alert out; False where none of its kind stands."""
        now = self._now()

        def strike(state: State) -> bool:
            alert = state.standing.pop(kind, None)
            if alert is None:
                return False
            self._tell(state, message.recovered(kind, alert.since, now))
            return True

        return self._change(strike)

    def batch_ended(self, ended: Ended) -> None:
        """Strike out what a batch has disproved."""
        for kind, alert in self._change(lambda state: dict(state.standing)).items():
            if ended.disproves(kind, alert.scope, alert.last):
                self.recover(kind)

    def waiting(self, address: str) -> list[Message]:
        """The messages that an address lacks, in order."""
        return self._change(lambda state: list(state.waiting.get(address, [])))

    def delivered(self, address: str, sent: Message) -> None:
        """Strike out a message that an address has taken."""

        def strike(state: State) -> None:
            left = [each for each in state.waiting.get(address, []) if each != sent]
            state.waiting[address] = left
            if not left:
                del state.waiting[address]

        self._change(strike)

    @contextmanager
    def delivering_to(self, address: str) -> Iterator[None]:
        """Keep other processes from sending the same messages at the same time."""
        number = address.partition(" ")[0]
        with self._locked(f".address_{number}.lock"):
            yield

    def _tell(self, state: State, news: Message) -> None:
        for address in self._addresses:
            waiting = [*state.waiting.get(address, []), news]
            state.waiting[address] = waiting[-MOST_WAITING:]

    def _change(self, alter: Callable[[State], _Result]) -> _Result:
        with self._mutex, self._locked(".standing.lock"):
            state = self._unsaved or kept.load(self._path, State)
            before = msgspec.msgpack.encode(state)
            result = alter(state)
            if self._unsaved or msgspec.msgpack.encode(state) != before:
                self._save(state)
        return result

    def _save(self, state: State) -> None:
        try:
            kept.save(self._path, state)
        except OSError as error:
            if self._unsaved is None:
                logger.error("The alerts that stand cannot be written: %s", error)
            self._unsaved = state
        else:
            self._unsaved = None

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            file = os.open(self._folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError:  # no room for a lock: nobody else can write either
            yield
            return
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        finally:
            os.close(file)


def _wider(before: Scope | None, now: Scope | None) -> Scope | None:
    """What a batch has to read to disprove both."""
    if before is None or now is None:
        return now or before
    return before if covers(before, now) else now
