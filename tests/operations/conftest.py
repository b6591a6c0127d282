"""What the tests with outside programs share."""

from tests.life.conftest import crawl_of, lake, small_exchange

__all__ = ["crawl_of", "lake", "small_exchange"]
