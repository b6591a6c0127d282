"""What a sweep's word is worth: sweeps of books that never rest, beside the exchange's diary."""
