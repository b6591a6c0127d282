"""PostgreSQL: what changed is stored, and shown as snapshots (docs/warehouse.md)."""
