"""The schema, step by step: NNNN_name.sql, each applied once, in order (p2p_scrapy.warehouse.schema)."""
