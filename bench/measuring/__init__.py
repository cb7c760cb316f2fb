"""What the benches of the ear share."""
