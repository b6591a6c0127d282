"""What a person typed with -a: names are checked, texts become values."""

import difflib
import re
from collections.abc import Callable, Mapping
from typing import Any

from p2p_scrapy import parsing
from p2p_scrapy.errors import ArgumentError, UsageError

Known = Mapping[str, tuple[Callable[[str], Any], str]]
"""By the name of an argument what makes its value, or raises ValueError, and what is allowed."""

_SYMBOL = re.compile(r"\w{2,40}")


def typed(given: Mapping[str, Any]) -> dict[str, str]:
    """A person's part of a spider's arguments; scrapyd's own begin with an underscore."""
    return {name: str(text) for name, text in given.items() if not name.startswith("_")}


def read(given: Mapping[str, str], known: Known) -> dict[str, Any]:
    """The value of each argument.

    Raises:
        UsageError: there is none of a name; nothing was parsed then.
        ArgumentError: a text is not what it must be.
    """
    for name in given:
        _prove_known(name, known)
    return {name: _value(name, text.strip(), known) for name, text in given.items()}


def contracts(text: str) -> tuple[str, ...]:
    """Symbols of futures between commas, in any case; at least one."""
    symbols = parsing.words(text.upper())
    if not symbols or not all(_SYMBOL.fullmatch(symbol) for symbol in symbols):
        raise ValueError(text)
    return symbols


def _prove_known(name: str, known: Known) -> None:
    if name not in known:
        close = difflib.get_close_matches(name, known, n=1)
        meant = f"; did you mean {close[0]}?" if close else ""
        raise UsageError(f"there is no argument {name!r}{meant} (known: {', '.join(known)})")


def _value(name: str, text: str, known: Known) -> Any:
    parse, allowed = known[name]
    try:
        return parse(text)
    except ValueError as error:
        raise ArgumentError(name, text, allowed) from error
