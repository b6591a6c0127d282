"""Everything known about the real service: what to ask, and what its answers mean."""
