"""The daemon at work for hours of the exchange's time: what it asks, keeps, and takes."""
