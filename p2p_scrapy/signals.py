"""Signals of this project, beside Scrapy's own."""

batch_closed = object()
"""A batch of the census stands whole in the lake: ``handler(record, is_ending)``.

``is_ending()`` tells whether the process was asked to end. The next batch may start meanwhile.
"""
