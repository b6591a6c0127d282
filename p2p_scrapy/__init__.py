"""The collector: a census of Binance P2P, from the exchange to the lake."""
