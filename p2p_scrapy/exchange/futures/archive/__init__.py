"""The archive of the bundled exchange: what data.binance.vision serves, at the same paths."""
