"""What stays afterwards: so far the sound diary of `--record`."""
