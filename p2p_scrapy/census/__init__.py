"""A batch: what is planned, what is asked next, what was read, and what that proves."""
