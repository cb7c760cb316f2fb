"""Sound or keys in, what was heard out."""
