"""What a person types after ``scrapy``.

Scrapy imports every command for any of them: each imports what it works with only when it runs.
"""
