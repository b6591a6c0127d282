"""Live streams: what ``scrapy crawl binance_futures_stream`` receives, keeps and misses."""
