"""A month of the warehouse at full scale: made, loaded by the real loader, and asked."""
