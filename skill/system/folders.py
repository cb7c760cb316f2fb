"""Where the user's own files lie: settings, memory, cache."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from platformdirs import user_cache_path, user_config_path, user_data_path

#: The folder of somebody who has none: nothing can be read or written there, and whoever tries is told so.
NOWHERE: Final = Path(os.devnull) / "charley"


def config_folder() -> Path:
    """For the settings."""
    return _folder(user_config_path)


def data_folder() -> Path:
    """For the memory of earlier cramps."""
    return _folder(user_data_path)


def cache_folder() -> Path:
    """For what can be made again."""
    return _folder(user_cache_path)


def why_unusable(file: Path, problem: Exception) -> str:
    """Why a file of the user's own cannot be read or written, and what to do about it."""
    if file.is_relative_to(NOWHERE):
        return "no home folder is known: set HOME"
    if isinstance(problem, PermissionError):
        return f"{problem.strerror or problem}: let it and its folder belong to you"
    return f"{problem}: free or mend the disk"


def _folder(find: Callable[[str], Path]) -> Path:
    try:
        return find("charley")
    except RuntimeError:  # HOME is not set, and nobody knows this user
        return NOWHERE
