"""What is paid for: questions about to leave, and those whose answer has not come."""

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from p2p_scrapy.census.dispatch.ask import Ask, Burst
from p2p_scrapy.census.open_sweep import OpenSweep

ABREAST = 8
"""Questions of one sweep on the wire at a time: few enough to be polite, and enough that the
largest book, of 70 pages, is read within three seconds: the longer that takes, the more often it
moves and has to be read again."""


@dataclass(slots=True)
class Wire:
    """No more than ``width`` questions are out at a time, nor ``ABREAST`` of one sweep.

    What is paid for should leave at once, or the pages of a sweep would come from many moments. So
    nothing more is to be paid for while the sweeps that are being read fill the width.
    """

    width: int
    leaving: deque[Ask] = field(default_factory=deque)
    _out: int = 0
    _out_of: Counter[OpenSweep | None] = field(default_factory=Counter)

    @property
    def has_room(self) -> bool:
        """Whether another question may leave."""
        return self._out < self.width

    @property
    def is_taken(self) -> bool:
        """Whether what is paid for takes all the width: what is out, about to leave, or held."""
        paid = self._out_of + Counter(ask.sweep for ask in self.leaving)
        taken = (min(count + sweep.held, ABREAST) for sweep, count in paid.items() if sweep)
        return sum(taken) + paid[None] >= self.width

    @property
    def is_idle(self) -> bool:
        """Whether nothing is out, nor about to leave."""
        return not (self._out or self.leaving)

    def reading(self) -> Counter[str]:
        """The pages of the sweeps of several that are being read, or are about to be, by lane."""
        sweeps = {*self._out_of, *(ask.sweep for ask in self.leaving)}
        pages = Counter[str]()
        for sweep in sweeps:
            if sweep is not None and len(sweep.asked) + sweep.held > 1:
                pages[sweep.lane] += len(sweep.asked) + sweep.held
        return pages

    def has(self, sweep: OpenSweep) -> bool:
        """Whether an answer of that sweep is awaited."""
        return self._out_of[sweep] > 0

    def leave(self, now: float) -> Ask | None:
        """The next question that may leave."""
        for at, ask in enumerate(self.leaving):
            if ask.sweep is None or self._out_of[ask.sweep] < ABREAST:
                del self.leaving[at]
                self._note(ask, 1)
                ask.left_at = now
                return ask
        return None

    def came(self, ask: Ask) -> None:
        """Note that a question is settled, one way or the other."""
        self._note(ask, -1)

    def call_back(self, lanes: Iterable[str]) -> Burst:
        """Take back what these lanes have paid for and has not left."""
        names = set(lanes)
        back = [ask for ask in self.leaving if ask.lane is not None and ask.lane.name in names]
        if back:
            self.leaving = deque(ask for ask in self.leaving if ask not in back)
        return back

    def _note(self, ask: Ask, change: int) -> None:
        self._out += change
        self._out_of[ask.sweep] += change
        if not self._out_of[ask.sweep]:
            del self._out_of[ask.sweep]
