"""How fast the census is, beside bare Scrapy and a plain collector, in one run on one machine."""
