"""The SQL of a load: files that p2p_scrapy.warehouse.loading runs in their order."""
