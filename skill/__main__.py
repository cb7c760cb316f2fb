"""`python -m skill` is the command `charley`."""

from skill.cli import run

run()
