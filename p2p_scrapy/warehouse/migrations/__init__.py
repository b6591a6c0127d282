"""The schema, step by step: NNNN_name.sql, each applied once, in order (see schema.py)."""
