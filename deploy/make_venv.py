"""Make a virtual environment: `python3 deploy/make_venv.py FOLDER`. Says what to do where Python is too old."""

import sys
import venv

if sys.version_info < (3, 11):
    sys.exit(
        f"Charley needs Python 3.11 or newer and this is {sys.version.split()[0]}: "
        "install it and type `make PYTHON=python3.11 …`."
    )
venv.create(sys.argv[1], with_pip=True, clear=False)
