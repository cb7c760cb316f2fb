"""How the reader of answers is made: examples in, weights and calibration out."""
