"""``python -m deploy.backup FOLDER``: warehouse and lake into a folder, while batches go on.

The settings are those of the environment, as for every command. A second backup into the same
folder copies what is new. docs/operations.md says how to restore.
"""

import sys
from pathlib import Path

from deploy import pg_programs
from deploy.lake_copy import copy_lake
from deploy.tool import run_tool
from p2p_scrapy.config import Config
from p2p_scrapy.errors import DataFolderError, UsageError, WarehouseError
from p2p_scrapy.lake.atomic import atomic
from p2p_scrapy.parsing import NO_DATABASE
from p2p_scrapy.warehouse.database import database
from p2p_scrapy.warehouse.embedded import has_cluster

DUMP, LAKE = "warehouse.dump", "lake"


def back_up(config: Config, folder: Path) -> None:
    """The warehouse first: so the lake's copy has every batch that the dump has, and perhaps more.

    Raises:
        P2PError: it cannot be done; an earlier backup in the folder is still whole.
    """
    _prove_apart(config.data_dir, folder)
    if config.database_url != NO_DATABASE:
        _dump(config, folder / DUMP)
    try:
        files, size = copy_lake(config.data_dir, folder / LAKE)
    except OSError as error:
        raise DataFolderError(f"the lake cannot be copied to {folder}: {error}") from error
    print(f"{folder / LAKE}: {files:,} files copied, {size:,} bytes")


def _prove_apart(data_dir: Path, folder: Path) -> None:
    """A copy within what is copied would copy itself; and a disk that is lost is lost with both."""
    if folder.resolve().is_relative_to(data_dir.resolve()):
        raise UsageError(f"{folder} lies in the data folder {data_dir}; name one on another disk")


def _dump(config: Config, path: Path) -> None:
    if not config.database_url and not has_cluster(config.data_dir):
        hint = "take a batch first, or set DATABASE_URL to the one to back up, or to none"
        raise WarehouseError(f"there is no warehouse in {config.data_dir}; {hint}")
    schemas = [f"--schema={name}" for name in pg_programs.SCHEMAS]
    options = ["--format=custom", "--no-owner", "--no-privileges", *schemas]
    try:
        with database(config) as dsn, atomic(path) as temporary:
            pg_programs.run("pg_dump", config, dsn, *options, f"--file={temporary}")
    except OSError as error:
        raise DataFolderError(f"{path} cannot be written: {error}") from error
    print(f"{path}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    sys.exit(run_tool("backup", back_up, "name one folder: python -m deploy.backup /mnt/backup"))
