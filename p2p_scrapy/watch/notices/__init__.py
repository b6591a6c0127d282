"""Alerts told to people: each kind once while it stands, and once more when it has recovered."""

from p2p_scrapy.watch.notices.delivery import Delivery
from p2p_scrapy.watch.notices.evidence import Ended
from p2p_scrapy.watch.notices.extension import BatchNotices
from p2p_scrapy.watch.notices.message import Message
from p2p_scrapy.watch.notices.messenger import Messenger
from p2p_scrapy.watch.notices.standing import StandingAlerts

__all__ = ["BatchNotices", "Delivery", "Ended", "Message", "Messenger", "StandingAlerts"]
