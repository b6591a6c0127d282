"""What the project's own commands share: from settings to a Config, from an error to one line.

Not in p2p_scrapy.commands: Scrapy would make an instance of it as one more command.
"""

import argparse
import sys
from abc import abstractmethod
from typing import ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.utils.log import configure_logging

from p2p_scrapy.config import Config
from p2p_scrapy.errors import P2PError, UsageError


class ProjectCommand(ScrapyCommand):
    """A command of options alone, which ends with a P2PError's one line and exit code."""

    requires_project = True
    requires_crawler_process = False
    configures_logging: ClassVar[bool] = True
    """Without, a warning is a bare line on stderr, whatever --logfile and --loglevel say."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Carry the command out, or say in one line what is wrong."""
        if self.settings is None:
            raise RuntimeError("scrapy has given no settings")
        if self.configures_logging:
            configure_logging(self.settings)
        name = type(self).__module__.rpartition(".")[2]  # as Scrapy names a command
        try:
            if args:
                raise UsageError(f"{args[0]} is no option; see scrapy {name} -h")
            self.exitcode = self.carry_out(Config.from_settings(self.settings), opts)
        except P2PError as error:
            sys.stderr.write(f"scrapy {name}: {error}\n")
            self.exitcode = error.exit_code

    @abstractmethod
    def carry_out(self, config: Config, opts: argparse.Namespace) -> int:
        """Do what the command is for; its exit code.

        Raises:
            P2PError: it cannot be done.
        """
