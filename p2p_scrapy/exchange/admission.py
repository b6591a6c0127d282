"""Who is let in: everyone, or only a browser that ran the script of the P2P page."""

from collections.abc import Mapping
from random import Random

ADMIT = ("all", "browsers")
COOKIE = "p2p_token"
ROUNDS = 50_000
_PRIME = 0x01000193
_BASIS = 0x811C9DC5
_MASK = 0xFFFFFFFF


class Admission:
    """Issues a riddle with each page, and knows the tokens that answer them.

    The page's script works the answer out and keeps riddle and answer in a cookie, as the page of
    a firewall does. It keeps nobody out who wants in: it tells a browser from a plain client.

    Attributes:
        admit: ``all`` or ``browsers``.
    """

    def __init__(self, admit: str, seed: int) -> None:
        self.admit = admit
        self._rng = Random(f"{seed}/admission")  # noqa: S311  nothing here is a secret
        self._tokens: set[str] = set()

    def change(self, admit: str) -> None:
        """Admit others from now on; whoever was let in must run the script again."""
        self.admit = admit
        self._tokens.clear()

    def riddle(self) -> str:
        """A new one, whose answer lets in."""
        riddle = f"{self._rng.getrandbits(64):016x}"
        self._tokens.add(f"{riddle}.{answer(riddle)}")
        return riddle

    def refuses(self, cookies: Mapping[str, str]) -> bool:
        """Whether a request with these cookies comes from nobody who ran the script."""
        return self.admit == "browsers" and cookies.get(COOKIE) not in self._tokens


def answer(riddle: str) -> str:
    """What the page's script makes of a riddle: FNV-1a over its letters, in many rounds."""
    value = _BASIS
    for at in range(ROUNDS):
        value = ((value ^ ord(riddle[at % len(riddle)])) * _PRIME) & _MASK
    return f"{value:08x}"
