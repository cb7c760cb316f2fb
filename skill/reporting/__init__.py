"""What stays afterwards: the diary of cramps, and the sound diary of `--record`."""
