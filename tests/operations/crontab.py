"""The crontab, run as cron runs it: the line itself by its shell, in its bare environment."""

import re
import subprocess
import time

from tests.operations.scrapyd import ROOT, bare_environment

PATH = ROOT / "cron/p2p-scrapy"


class Crontab:
    """An /etc/cron.d file: what it sets, and its one line."""

    def __init__(self):
        lines = [line for line in PATH.read_text("utf-8").splitlines() if not line.startswith("#")]
        (entry,) = [line for line in lines if " * * " in line]
        self.schedule, self.user, self.command = re.fullmatch(
            r"(\S+(?: \S+){4}) (\S+) (.+)", entry
        ).groups()
        self.environment = dict(line.split("=", 1) for line in lines if line and line != entry)


class Cron:
    """Calls the crontab's command for a clone of the project and a file of settings."""

    def __init__(self, clone, settings_file):
        self._crontab = Crontab()
        self._paths = {"/srv/p2p-scrapy": str(clone), "/etc/p2p-scrapy.env": str(settings_file)}

    def __call__(self, **more):
        command = self._crontab.command
        for installed, here in self._paths.items():
            assert installed in command
            command = command.replace(installed, here)
        environment = bare_environment() | self._crontab.environment | more
        return subprocess.run(
            [self._crontab.environment["SHELL"], "-c", command],
            env=environment, capture_output=True, text=True, check=False, cwd="/",
        )  # fmt: skip


def interval_that_begins_now(other_than=0):
    """An interval of which a slot has just begun, so that a call is neither late nor at its end."""
    now = int(time.time())
    return next(each for each in range(600, 86_400) if now % each < 10 and each != other_than)
