"""Make a virtual environment: `python3 deploy/make_venv.py FOLDER`. Says what to do where Python lacks something."""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        f"Charley needs Python 3.11 or newer and this is {sys.version.split()[0]}: "
        "install it and type `make PYTHON=python3.11 …`."
    )
try:
    import venv
    from importlib import import_module

    import_module("ensurepip")
except ImportError:  # Debian has them in a package of their own
    sys.exit(
        "Python cannot make virtual environments here yet: type `sudo apt install python3-venv`, then `make` again."
    )
venv.create(sys.argv[1], with_pip=True, clear=False)
