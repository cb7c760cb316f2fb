"""Charley: an offline voice companion for muscle cramps and spasms.

A helper that follows published advice, not a clinician.
"""

import os

# the matrices here are small: a second thread of the library that multiplies them costs more than it brings
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
