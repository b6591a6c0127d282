"""Recordings of the real service: one JSON object a line, in ``*.jsonl`` or ``*.jsonl.gz``."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from p2p_scrapy.exchange.errors import OptionError, RecordingError

_OK = 200


class RecordedBody(msgspec.Struct, frozen=True, rename="camel"):
    """The part of a request's body that tells it from others; ``rows`` does not."""

    fiat: str = ""
    asset: str = ""
    trade_type: str = ""
    page: int = 0
    pay_types: tuple[str, ...] | None = ()

    @property
    def market(self) -> tuple[str, ...]:
        """What is searched: currency, asset, the TAKER's side and payment methods."""
        return self.fiat, self.asset, self.trade_type, *sorted(self.pay_types or ())


class RecordedRequest(msgspec.Struct, frozen=True):
    """What was asked; the path of a GET carries its query."""

    method: str
    path: str
    body: RecordedBody | None


class RecordedResponse(msgspec.Struct, frozen=True):
    """What was answered: the body's text is kept as it stands in the recording."""

    status: int
    body: msgspec.Raw


class Recording(msgspec.Struct, frozen=True):
    """One exchange of a request and an answer; ``recorded_at`` is ISO 8601 in UTC."""

    recorded_at: str
    request: RecordedRequest
    response: RecordedResponse

    @property
    def answer(self) -> bytes:
        """The body that was answered."""
        return bytes(self.response.body)


_decoder = msgspec.json.Decoder(Recording)


def read_recordings(folder: Path) -> list[Recording]:
    """All recordings of a folder, oldest first.

    Raises:
        OptionError: the folder holds no recordings.
        RecordingError: a line is no recording, or one of a failure below the body.
    """
    paths = sorted((*folder.glob("*.jsonl"), *folder.glob("*.jsonl.gz")))
    recordings = [recording for path in paths for recording in _read(path)]
    if not recordings:
        raise OptionError("replay", str(folder), "a folder with *.jsonl or *.jsonl.gz in it")
    return sorted(recordings, key=lambda recording: recording.recorded_at)


def _content(path: Path) -> bytes:
    try:
        content = path.read_bytes()
        return gzip.decompress(content) if path.suffix == ".gz" else content
    except (OSError, EOFError, zlib.error) as error:
        raise RecordingError(path, 1, f"unreadable, {error}") from error


def _read(path: Path) -> Iterator[Recording]:
    for number, line in enumerate(_content(path).splitlines(), start=1):
        try:
            recording = _decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise RecordingError(path, number, str(error)) from error
        if recording.response.status != _OK:
            reason = f"status {recording.response.status}: only answers with 200 are replayed"
            raise RecordingError(path, number, reason)
        yield recording
