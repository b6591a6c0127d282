"""Binance USD-M futures: archives, live streams, and the local order book."""
