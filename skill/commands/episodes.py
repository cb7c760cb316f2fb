"""The command `charley episodes`: lists, exports and forgets what Charley remembers."""

import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from skill.commands.tables import print_episodes
from skill.dialogue.prompts import load_prompts
from skill.dialogue.summary import summary_of
from skill.episodes.episode import Episode, to_json
from skill.episodes.store import EpisodeStore
from skill.errors import UsageError
from skill.system.private_file import write_private
from skill.triage.loader import load_protocol


def list_episodes() -> int:
    """Print the remembered cramps, the newest last."""
    with closing(EpisodeStore()) as store:
        print_episodes(store.all(), _summarise())
    return 0


def export_episodes(file: Path) -> int:
    """Write the remembered cramps as JSON, readable by their owner only. Raises UsageError where that is impossible."""
    with closing(EpisodeStore()) as store:
        text = to_json(store.all(), _summarise())
    try:
        write_private(file, text.encode())
    except OSError as problem:
        raise UsageError(f"{file} cannot be written ({problem.strerror}): name another file.") from problem
    return 0


def forget_episodes() -> int:
    """Delete the remembered cramps; a person at a terminal is asked first."""
    if sys.stdin.isatty():
        sys.stdout.write(f"{load_prompts().utterance('dialogue.forget.confirm').text} [y/N] ")
        sys.stdout.flush()
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            return 0
    EpisodeStore().forget()
    return 0


def _summarise() -> Callable[[Episode], tuple[str, ...]]:
    protocol, prompts = load_protocol(), load_prompts()
    return lambda episode: tuple(sentence.text for sentence in summary_of(episode, protocol, prompts))
