"""Live USD-M futures: both WebSocket routes, depth and aggTrades over REST."""
