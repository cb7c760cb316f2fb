"""Words in, meaning out."""
