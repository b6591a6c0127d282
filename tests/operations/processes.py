"""What everybody on a machine can read of its processes: their command lines."""

from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

LOOKS_SECONDS = 0.01
"""Real seconds between two looks: a process that lives longer is seen."""


@contextmanager
def watched_command_lines():
    """All command lines that were seen while the block ran, each as one text."""
    seen, has_ended = set(), Event()

    def watch():
        while not has_ended.wait(LOOKS_SECONDS):
            for file in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    seen.add(file.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
                except OSError:
                    continue  # it has ended meanwhile

    thread = Thread(target=watch, name="watch processes")
    thread.start()
    try:
        yield seen
    finally:
        has_ended.set()
        thread.join()
