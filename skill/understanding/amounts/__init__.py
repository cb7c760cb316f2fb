"""Amounts as people say and type them: durations, counts, degrees."""

from skill.understanding.amounts.reading import Amount, read_amount

__all__ = ["Amount", "read_amount"]
