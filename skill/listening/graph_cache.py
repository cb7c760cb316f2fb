"""The graph for what may be said: the shipped one, or one that is built here and kept in the user's cache."""

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

from skill.errors import InstallationError
from skill.listening.graph import build_graph, phrase
from skill.system.folders import cache_folder

_SOURCES: Final = ("lexicon.txt", "phone_bigram.txt", "graph.yaml")
#: Graphs that are kept.
_KEPT: Final = 8


def with_graph(folder: Path, phrases: frozenset[str]) -> Path:
    """A folder with Charley's own model of `folder` and a graph that has all of `phrases`, which are normalised.

    Building one takes about a second. Raises InstallationError where none of the folders for it can be used.
    """
    if phrases <= _shipped_phrases(folder):
        return folder
    faults: list[OSError] = []
    for home in (cache_folder() / "graphs", Path(tempfile.gettempdir()) / f"charley-graphs-{os.getuid()}"):
        try:
            return _kept_graph(folder, phrases, home)
        except OSError as fault:
            faults.append(fault)
    why = "; ".join(map(str, faults))
    raise InstallationError(f"The graph of what may be said can be kept nowhere ({why}): make space and try again.")


def _kept_graph(folder: Path, phrases: frozenset[str], home: Path) -> Path:
    """The graph of `home`, which is built where there is none. Raises OSError."""
    key = hashlib.sha256(json.dumps([str(folder.resolve()), sorted(phrases)]).encode())
    for name in _SOURCES:
        key.update((folder / name).read_bytes())
    built = home / key.hexdigest()[:24]
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if home.lstat().st_uid != os.getuid():  # in the common folder for temporary files anybody may have made it
        raise PermissionError(f"{home} belongs to somebody else")
    if not built.is_dir():
        _forget_old_graphs(home)
        with tempfile.TemporaryDirectory(dir=home, prefix="building-") as scratch:
            model = Path(scratch) / "model"
            build_graph(folder, phrases, model / "graph")
            for part in ("am", "conf"):
                (model / part).symlink_to((folder / part).resolve())
            if not built.is_dir():  # nobody else was faster
                model.rename(built)
    return built


def _forget_old_graphs(home: Path) -> None:
    """A graph of the whole lexicon takes 10 MB: keep the newest ones only."""
    graphs = sorted((graph for graph in home.iterdir() if graph.is_dir()), key=lambda graph: graph.stat().st_mtime)
    for graph in graphs[: 1 - _KEPT]:
        shutil.rmtree(graph, ignore_errors=True)


def _shipped_phrases(folder: Path) -> frozenset[str]:
    table = folder / "graph" / "words.txt"
    if not table.is_file():
        return frozenset()
    return frozenset(phrase(line.split(" ")[0]) for line in table.read_text(encoding="utf-8").splitlines())
