"""The settings that are read where some are given."""

from scrapy.settings import BaseSettings

from p2p_scrapy.config import Config


def read(**settings):
    return Config.from_settings(BaseSettings(settings))
