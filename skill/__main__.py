"""`python -m skill` is the command `charley`."""

import sys

from skill.cli import main

sys.exit(main())
