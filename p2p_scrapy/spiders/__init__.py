"""The spiders that ``scrapy crawl`` knows.

Scrapy imports every spider for any crawl: each of the futures imports its run only when it runs.
"""
