"""The futures' REST service, within the weight that it allows."""

from p2p_scrapy.futures.rest.client import RestClient
from p2p_scrapy.futures.rest.errors import TOO_OLD, RefusedError, RestError

__all__ = ["TOO_OLD", "RefusedError", "RestClient", "RestError"]
