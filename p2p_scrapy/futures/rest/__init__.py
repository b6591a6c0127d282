"""The futures' REST service, within the weight that it allows."""

from p2p_scrapy.futures.rest.client import RestClient
from p2p_scrapy.futures.rest.errors import RefusedError, RestError

__all__ = ["RefusedError", "RestClient", "RestError"]
