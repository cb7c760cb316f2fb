"""Tests of what training is made of."""
