"""Is the census fresh and whole, and what it needs there: for cron, Docker and people."""
