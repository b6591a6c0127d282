"""What may be asked of the exchange, and when."""
