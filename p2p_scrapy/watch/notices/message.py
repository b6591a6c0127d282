"""What is told of an alert, in words."""

import re
import socket
from datetime import datetime

import msgspec

from p2p_scrapy.alert_addresses import SENDER
from p2p_scrapy.kept import Moment

MOST_LETTERS = 1_000
"""Of an error: some services refuse a long message, and its file has the whole of it."""

OF_SEVERAL = frozenset({"answers_changed"})
"""Kinds that name each thing that is wrong, between semicolons. What they name may stand for ever,
harmless: it must not keep what comes later, and is worse, from being told."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message; ``tone`` is apprise's type of it.

    The title is the same when an alert is raised and when it has recovered: PagerDuty (with
    ``action=map``) and mail programs go by it to put the two together.
    """

    title: str
    body: str
    tone: str
    at: Moment


def kind_of(name: str) -> str:
    """What stands: ``5_failures`` and ``10_failures`` are the same trouble."""
    return re.sub(r"^\d+_", "", name)


def unsaid(kind: str, said: str, error: str) -> str:
    """What an error adds to what its alert has said while it stands; of most kinds nothing."""
    if kind not in OF_SEVERAL:
        return ""
    return "; ".join(each for each in error.split("; ") if each not in said.split("; "))


def raised(kind: str, error: str, at: datetime) -> Message:
    """That an alert stands from now on, or says more."""
    told = error if len(error) <= MOST_LETTERS else f"{error[:MOST_LETTERS]} ..."
    body = f"ALERT at {_time(at)}: {told}\nWhat to do: {kind} in docs/alerts.md"
    return Message(title=_title(kind), body=body, tone="failure", at=at)


def recovered(kind: str, since: datetime, at: datetime) -> Message:
    """That it stands no more."""
    body = f"Recovered at {_time(at)}; it stood since {_time(since)}"
    return Message(title=_title(kind), body=body, tone="success", at=at)


def trial(at: datetime) -> Message:
    """What somebody asks for who wants to see that messages arrive."""
    body = f"A trial at {_time(at)}: alerts of this collector arrive here"
    return Message(title=_title("trial"), body=body, tone="info", at=at)


def _title(kind: str) -> str:
    return f"{SENDER} on {socket.gethostname()}: {kind}"


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
