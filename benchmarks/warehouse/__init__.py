"""How fast the warehouse takes a batch, beside plain COPY of the same rows."""
