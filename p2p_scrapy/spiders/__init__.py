"""The spiders that ``scrapy crawl`` knows.

Scrapy imports every spider for any crawl: each imports what only its own run needs when it runs.
"""
