"""The graph for what may be said: the shipped one, or one that is built here and kept in the user's cache."""

import hashlib
import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from platformdirs import user_cache_path

from skill.errors import InstallationError
from skill.listening.graph import build_graph, phrase

_SOURCES: Final = ("lexicon.txt", "phone_bigram.txt", "graph.yaml")
#: Graphs that are kept.
_KEPT: Final = 8


def with_graph(folder: Path, phrases: frozenset[str]) -> Path:
    """A folder with Charley's own model of `folder` and a graph that has all of `phrases`, which are normalised.

    Building one takes about a second. Raises InstallationError where it cannot be kept.
    """
    if phrases <= _shipped_phrases(folder):
        return folder
    home = user_cache_path("charley") / "graphs"
    try:
        key = hashlib.sha256(json.dumps([str(folder.resolve()), sorted(phrases)]).encode())
        for name in _SOURCES:
            key.update((folder / name).read_bytes())
        built = home / key.hexdigest()[:24]
        if not built.is_dir():
            home.mkdir(parents=True, exist_ok=True)
            _forget_old_graphs(home)
            with TemporaryDirectory(dir=home, prefix="building-") as scratch:
                model = Path(scratch) / "model"
                build_graph(folder, phrases, model / "graph")
                for part in ("am", "conf"):
                    (model / part).symlink_to((folder / part).resolve())
                if not built.is_dir():  # nobody else was faster
                    model.rename(built)
    except OSError as error:
        raise InstallationError(
            f"No graph can be built in {home} ({error}): make space there and try again."
        ) from error
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
