"""What a person sees of a batch, and what calls for one."""
