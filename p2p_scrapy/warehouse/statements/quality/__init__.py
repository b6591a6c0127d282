"""The SQL of the quality checks: each asks about the batch whose load is about to end."""
