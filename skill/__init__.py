"""Charley: an offline voice companion for muscle cramps and spasms.

A helper that follows published advice, not a clinician.
"""
