"""What an ad takes on disk."""

from pathlib import Path

from benchmarks.contenders import manifest


def bytes_per_row(data: Path) -> float:
    """Bytes of the snapshots by their rows, as the manifest of the only batch tells them."""
    snapshots = [file for file in manifest(data)["files"] if "/snapshot_" in file["path"]]
    rows: int = sum(file["rows"] for file in snapshots)
    size: int = sum(file["bytes"] for file in snapshots)
    return size / rows
