"""What a server said last, for whoever has to find out why it does not run."""

from contextlib import suppress
from pathlib import Path

START_LOG = "start.log"
"""In the cluster: what a server says before its own log is open, of the last start only."""
FATAL = ("FATAL:", "PANIC:")
TELLING = (*FATAL, "DETAIL:", "HINT:")
WAITING = "the database system is"
"""What whoever comes too early is told; nothing is wrong then."""
LAST_BYTES = 4096


def last_words(cluster: Path) -> str:
    """The last telling lines of the server's logs, in one line, and where they were found."""
    logs = [cluster / START_LOG, *sorted((cluster / "log").glob("*.log"), key=_changed)[-1:]]
    for log in logs:
        if said := _telling(log):
            return f"{' '.join(said)} ({log})"
    return f"see {logs[-1]}"


def _telling(log: Path) -> list[str]:
    """What was fatal last, and what PostgreSQL advises."""
    lines = [line for line in _end_of(log) if WAITING not in line]
    said = [line[line.index(word) :] for line in lines for word in TELLING if word in line]
    fatal = [at for at, text in enumerate(said) if text.startswith(FATAL)]
    return said[fatal[-1] :] if fatal else []


def _changed(log: Path) -> float:
    return log.stat().st_mtime


def _end_of(log: Path) -> list[str]:
    with suppress(OSError):
        return log.read_bytes()[-LAST_BYTES:].decode(errors="replace").splitlines()
    return []
