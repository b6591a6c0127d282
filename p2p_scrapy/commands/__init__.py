"""What a person types after ``scrapy``."""
