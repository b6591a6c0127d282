"""Enables the browser road in a run that may need it, and only there.

The handler is loaded with the first question; its driver, a Node.js process of 126 MB, and Chromium
are started with the first that goes by the browser.
"""

from scrapy.settings import BaseSettings

from p2p_scrapy.browser import chromium
from p2p_scrapy.parsing import Transport

HANDLER = "p2p_scrapy.browser.handler.WarmPageHandler"


def enable(settings: BaseSettings, transport: Transport) -> None:
    """Let a crawl's questions go by the browser, where they are marked so.

    Raises:
        NoChromiumError: the transport is the browser alone, and there is none.
    """
    if transport is Transport.BROWSER:
        chromium.path()
    if transport is not Transport.API:
        handlers = dict(settings.getwithbase("DOWNLOAD_HANDLERS"))
        ours = {"http": HANDLER, "https": HANDLER}
        settings.set("DOWNLOAD_HANDLERS", handlers | ours, priority="spider")
