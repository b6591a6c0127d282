"""What cron calls every ten minutes: ``python -m cron scrapyd`` or ``python -m cron plain``.

It starts the batch of the slot, once, and raises the alarm where none comes through. The crontab is
``cron/p2p-scrapy``; docs/scheduling.md tells how both are installed.
"""
