"""Where the data of the package lies: beside the package in a checkout, inside it in an installed wheel."""

from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parents[1]
_INSTALLED: Final = PACKAGE / "data"
_HOME: Final = _INSTALLED if _INSTALLED.is_dir() else PACKAGE.parent

GRAMMARS: Final = _HOME / "grammars" / "en"
PROMPTS: Final = _HOME / "prompts" / "en"
#: What is written on a screen or on paper, and never spoken.
WRITTEN: Final = PROMPTS / "written"
PROTOCOL: Final = PACKAGE / "triage" / "protocol"
FOLLOWUP: Final = PACKAGE / "triage" / "followup"
MODEL: Final = PACKAGE / "listening" / "model"
READER: Final = PACKAGE / "understanding" / "reader" / "model"
#: What `compiled` made when the wheel was built; in a checkout there is no such folder.
COMPILED: Final = _INSTALLED / "compiled"
PATIENTS: Final = PACKAGE / "demo" / "patients"
