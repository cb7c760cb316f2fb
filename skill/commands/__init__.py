"""The commands that are no conversation."""
