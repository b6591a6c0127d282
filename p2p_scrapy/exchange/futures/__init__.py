"""The futures side of the bundled exchange."""
