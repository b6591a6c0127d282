"""How deep a local book can be. Apart from the book, since the settings name it too."""

SNAPSHOT_LEVELS = 1000
"""Levels a side that a snapshot is asked for: the most that ``/fapi/v1/depth`` gives."""
MOST_LEVELS = SNAPSHOT_LEVELS // 4
"""The most levels that a book can be asked for: twice as many must outlive a snapshot's start."""
