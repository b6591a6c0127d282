"""Signals of this project, beside Scrapy's own."""

batch_closed = object()
"""A batch of the census stands whole in the lake: ``handler(record, is_ending)``.

``is_ending()`` tells whether the process was asked to end. The next batch may start meanwhile.
"""

batch_loaded = object()
"""The warehouse was brought up to the lake, or could not be: ``handler(load)``.

``load`` is a p2p_scrapy.watch.metrics.load.Load.
"""

batch_settled = object()
"""Nothing more becomes of a batch: it is loaded, or was not, or could not even be closed.

``handler()``.
"""
