"""Alerts that no batch raises: ``scrapy notify``, by a person or a script."""

import sys

from p2p_scrapy.census.checkpoint import Checkpoint
from p2p_scrapy.census.folder import prove_writable
from p2p_scrapy.clock import Clock, whole_second
from p2p_scrapy.config import Config, setting_name
from p2p_scrapy.errors import UsageError
from p2p_scrapy.watch.alerts import Alerts
from p2p_scrapy.watch.notices import message
from p2p_scrapy.watch.notices.delivery import ADDRESS_SECONDS, Delivery, offer, send
from p2p_scrapy.watch.notices.standing import StandingAlerts


def try_addresses(config: Config, clock: Clock) -> bool:
    """Send a message to each address and say which took it; whether all did.

    Raises:
        UsageError: there is no address.
    """
    if not config.alert_urls:
        raise UsageError(f"{setting_name('alert_urls')} is empty, so there is nobody to tell")
    news = message.trial(clock.now())
    troubles = offer(config.alert_urls, lambda address: send(address, news), ADDRESS_SECONDS)
    for address in config.alert_urls:
        trouble = troubles.get(address)
        sys.stdout.write(f"✗ {address.name}: {trouble}\n" if trouble else f"✓ {address.name}\n")
    return not troubles


def call(config: Config, clock: Clock, kind: str, error: str) -> bool:
    """Raise an alert, unless one of its kind stands; whether every address was told.

    Raises:
        DataFolderError: the data folder cannot be written.
    """
    standing = _standing(config, clock)
    if standing.call(kind, error):
        _leave_file_and_line(config, clock, kind, error)
    return Delivery(standing, config.alert_urls).send_what_waits()


def recover(config: Config, clock: Clock, kind: str) -> bool:
    """End an alert, if it stands; whether every address was told.

    Raises:
        DataFolderError: the data folder cannot be written.
    """
    standing = _standing(config, clock)
    standing.recover(kind)
    return Delivery(standing, config.alert_urls).send_what_waits()


def _standing(config: Config, clock: Clock) -> StandingAlerts:
    prove_writable(config.data_dir)
    return StandingAlerts(config.data_dir, [each.name for each in config.alert_urls], clock.now)


def _leave_file_and_line(config: Config, clock: Clock, kind: str, error: str) -> None:
    """What every alert is, besides messages."""
    failures = Checkpoint.load(config.data_dir).consecutive_failures
    folder = config.data_dir / "alerts"
    Alerts(folder, clock.now, whole_second(clock.now()), failures).call(kind, error)
