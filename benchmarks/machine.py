"""What everything was measured on."""

import os
import platform
from importlib.metadata import version

_PACKAGES = ("scrapy", "twisted", "msgspec", "pyarrow", "httpx", "pandas")


def machine() -> str:
    """Cores, system, interpreter and versions, in one line."""
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    interpreter = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{cores} cores, {platform.platform(terse=True)}, {interpreter}, {versions}"
