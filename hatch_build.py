"""Puts into the wheel what is made of grammars, prompts and protocols, so that an installed Charley makes it never."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ShippedData(BuildHookInterface[Any]):
    """Compiles for a wheel; a checkout makes its own at its first start, because its files change."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before the files are collected."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from skill.commands.shipped_data import shipped_data

        self._folder = TemporaryDirectory(prefix="charley-")
        for data in shipped_data():
            file = data.ship(Path(self._folder.name))
            build_data["force_include"][str(file)] = f"skill/data/compiled/{file.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Called when the wheel is written."""
        del build_data, artifact_path
        if version != "editable":
            self._folder.cleanup()
